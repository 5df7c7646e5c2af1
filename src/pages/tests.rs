//! What the cache promises, with pages of a few bytes.
