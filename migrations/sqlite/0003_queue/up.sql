-- Searching, claims, bulks, notes, trust and holds of authors, staff in the discussion.

-- What a search looks for: words and name of a comment through text::search_terms. Gone with its text.
CREATE TABLE comment_terms (
    comment_id INTEGER NOT NULL PRIMARY KEY REFERENCES comments (id),
    terms TEXT NOT NULL,
    -- Equal for equal texts; 0 for none.
    text_key INTEGER NOT NULL
) STRICT;
CREATE INDEX comment_terms_same ON comment_terms (text_key, comment_id) WHERE text_key <> 0;
-- Terms hold letters, digits and marks alone; every category is listed so that nothing is split that this SQLite does not know.
CREATE VIRTUAL TABLE comments_search USING fts5 (
    terms, content = 'comment_terms', content_rowid = 'comment_id', detail = 'none', prefix = '2 3',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* S* C*'"
);
-- What is taken out is overwritten, not marked.
INSERT INTO comments_search (comments_search, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER comment_terms_added AFTER INSERT ON comment_terms BEGIN
    INSERT INTO comments_search (rowid, terms) VALUES (new.comment_id, new.terms);
END;
CREATE TRIGGER comment_terms_changed AFTER UPDATE ON comment_terms WHEN old.terms <> new.terms BEGIN
    INSERT INTO comments_search (comments_search, rowid, terms) VALUES ('delete', old.comment_id, old.terms);
    INSERT INTO comments_search (rowid, terms) VALUES (new.comment_id, new.terms);
END;
CREATE TRIGGER comment_terms_removed AFTER DELETE ON comment_terms BEGIN
    INSERT INTO comments_search (comments_search, rowid, terms) VALUES ('delete', old.comment_id, old.terms);
END;

-- The conditions of store::lists, to the letter.
CREATE INDEX comments_waiting_risk ON comments (risk DESC, id) WHERE (CASE WHEN status = 1 THEN revision_id IS NOT NULL ELSE status = 0 END);
CREATE INDEX comments_waiting_article ON comments (article_id, id) WHERE (CASE WHEN status = 1 THEN revision_id IS NOT NULL ELSE status = 0 END);
CREATE INDEX comments_reported_risk ON comments (risk DESC, id) WHERE (open_reports > 0);
CREATE INDEX comments_article ON comments (article_id, id);
DROP INDEX comments_network;
CREATE INDEX comments_network ON comments (network, id) WHERE network IS NOT NULL;

-- A claim says who is looking at a comment. It expires by itself and never blocks. A light one was made by looking, and goes
-- when its moderator looks at another comment.
CREATE TABLE claims (
    comment_id INTEGER NOT NULL PRIMARY KEY REFERENCES comments (id),
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    light INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_moderator ON claims (moderator_id, comment_id);

-- Many decisions made at once.
CREATE TABLE bulks (
    id INTEGER PRIMARY KEY,
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    at INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    done INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    undone INTEGER,
    undone_changed INTEGER
) STRICT;
ALTER TABLE decisions ADD COLUMN bulk_id INTEGER REFERENCES bulks (id);
CREATE INDEX decisions_bulk ON decisions (bulk_id, id) WHERE bulk_id IS NOT NULL;

-- Notes from colleague to colleague: on a comment, and on its author where that one is recognised.
CREATE TABLE staff_notes (
    id INTEGER PRIMARY KEY,
    comment_id INTEGER REFERENCES comments (id),
    author_id INTEGER REFERENCES authors (id),
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX staff_notes_comment ON staff_notes (comment_id, id) WHERE comment_id IS NOT NULL;
CREATE INDEX staff_notes_author ON staff_notes (author_id, id) WHERE author_id IS NOT NULL;

-- What moderators say often when they reject.
CREATE TABLE saved_replies (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    created_at INTEGER NOT NULL
) STRICT;

-- Trusted authors are published at once; held ones wait until a date. A hold matches by author, e-mail and network, as they
-- were on the comment for which it was made.
ALTER TABLE authors ADD COLUMN trusted_at INTEGER;
ALTER TABLE authors ADD COLUMN trusted_by INTEGER REFERENCES moderators (id);
CREATE TABLE author_holds (
    id INTEGER PRIMARY KEY,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    author_id INTEGER REFERENCES authors (id),
    email_key TEXT NOT NULL,
    network BLOB,
    reason TEXT NOT NULL,
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    created_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by INTEGER REFERENCES moderators (id)
) STRICT;
CREATE INDEX author_holds_comment ON author_holds (comment_id, until);
CREATE INDEX author_holds_author ON author_holds (author_id, until) WHERE author_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX author_holds_email ON author_holds (email_key, until) WHERE email_key <> '' AND ended_at IS NULL;
CREATE INDEX author_holds_network ON author_holds (network, until) WHERE network IS NOT NULL AND ended_at IS NULL;

-- Which replies wait on this article; the site's own mode when null.
ALTER TABLE articles ADD COLUMN hold INTEGER;
-- The byline that an account writes under, as an admin tied it.
ALTER TABLE moderators ADD COLUMN byline TEXT NOT NULL DEFAULT '';
-- comments.staff: 0 a reader, 1 a moderator, 2 the author of the article. (On PostgreSQL it becomes a number here.)
CREATE INDEX outbox_effect ON outbox (comment_id, kind);
DROP INDEX outbox_comment;
