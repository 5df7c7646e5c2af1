//! Random tokens and digests.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::error::{Error, Result};

/// `N` bytes from the operating system.
///
/// # Errors
/// `Unavailable` when the system has no randomness to give.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Unavailable(error.to_string()))?;
    Ok(bytes)
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A receipt: 144 random bits in 24 characters that need no escaping in an address.
///
/// # Errors
/// As [`random`].
pub fn receipt() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<18>()?))
}

/// The token of a session or a device: 256 random bits in 43 characters.
///
/// # Errors
/// As [`random`].
pub fn session() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// What the database knows such a token by.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// SHA-256 over parts, each led by its length, so that no two lists of parts meet.
pub fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_part_their_parts() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert_eq!(receipt().unwrap().len(), 24);
        assert_ne!(session().unwrap(), session().unwrap());
    }
}
