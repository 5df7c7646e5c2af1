-- Recognised authors, revisions, reports, appeals. Codes of their states stand in src/moderation.
CREATE TABLE author_devices (
    token_hash BLOB NOT NULL PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES authors (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX author_devices_author ON author_devices (author_id);

-- The author's record, changed by decisions: comments that have this status now.
ALTER TABLE authors ADD COLUMN approved_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE authors ADD COLUMN rejected_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE authors ADD COLUMN spam_count INTEGER NOT NULL DEFAULT 0;

-- An edit of a published comment. While it waits, comments.revision_id points to it. When it is accepted, the text that it
-- replaced moves into previous_*.
CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    html_version INTEGER NOT NULL,
    hold TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    previous_body TEXT NOT NULL DEFAULT '',
    previous_html TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX revisions_comment ON revisions (comment_id, id);

ALTER TABLE comments ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE comments ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE comments ADD COLUMN revision_id INTEGER REFERENCES revisions (id);
ALTER TABLE comments ADD COLUMN edited_at INTEGER;
ALTER TABLE comments ADD COLUMN open_reports INTEGER NOT NULL DEFAULT 0;
CREATE INDEX comments_author ON comments (author_id, id) WHERE author_id IS NOT NULL;
CREATE INDEX comments_email ON comments (email_key, id) WHERE email_key <> '' AND author_id IS NOT NULL;
CREATE INDEX comments_names ON comments (root_id, name_key) WHERE root_id IS NOT NULL;
-- The conditions of store::queue::waiting() and reported(), to the letter.
CREATE INDEX comments_waiting ON comments (id) WHERE (CASE WHEN status = 1 THEN revision_id IS NOT NULL ELSE status = 0 END);
CREATE INDEX comments_reported ON comments (id) WHERE (open_reports > 0);

-- An author's one objection to a decision on a comment.
CREATE TABLE appeals (
    id INTEGER PRIMARY KEY,
    comment_id INTEGER NOT NULL UNIQUE REFERENCES comments (id),
    decision_id INTEGER NOT NULL REFERENCES decisions (id),
    status INTEGER NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    decided_at INTEGER
) STRICT;
CREATE INDEX appeals_open ON appeals (comment_id) WHERE status = 0;

-- What else a decision may be about than the status of its comment: a revision, reports, an appeal.
ALTER TABLE decisions ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN outcome INTEGER;
ALTER TABLE decisions ADD COLUMN revision_id INTEGER REFERENCES revisions (id);
ALTER TABLE decisions ADD COLUMN appeal_id INTEGER REFERENCES appeals (id);
-- The first verdicts on what waited, for the median waiting time.
CREATE INDEX decisions_waited ON decisions (at) WHERE from_status = 0 AND undoes IS NULL;

-- Readers' notices about a published comment, each with the text as its reader saw it.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    receipt TEXT NOT NULL UNIQUE,
    digest BLOB,
    network BLOB,
    ground INTEGER NOT NULL,
    rule_id INTEGER REFERENCES rules (id),
    explanation TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    child_abuse INTEGER NOT NULL,
    good_faith INTEGER NOT NULL,
    body_html TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    decided_at INTEGER,
    decision_id INTEGER REFERENCES decisions (id)
) STRICT;
CREATE INDEX reports_comment ON reports (comment_id, status, ground, id);
CREATE INDEX reports_network ON reports (network, created_at) WHERE network IS NOT NULL;
CREATE UNIQUE INDEX reports_once ON reports (comment_id, network) WHERE network IS NOT NULL;
CREATE INDEX reports_decision ON reports (decision_id) WHERE decision_id IS NOT NULL;

-- Opened by somebody after its time was over: it stays open until it is closed.
ALTER TABLE articles ADD COLUMN kept_open INTEGER NOT NULL DEFAULT 0;

-- What was published last comes first in a feed.
DROP INDEX comments_public;
CREATE INDEX comments_published ON comments (article_id, published_at, id) WHERE status = 1;
