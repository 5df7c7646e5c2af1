-- Times are milliseconds since 1970 UTC. Codes of status, role and ground stand in src/moderation.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    byline TEXT NOT NULL,
    body_html TEXT NOT NULL,
    digest BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    updated_at INTEGER,
    comments_open INTEGER NOT NULL,
    closed_at INTEGER,
    removed_at INTEGER,
    comment_count INTEGER NOT NULL DEFAULT 0,
    view_count INTEGER NOT NULL DEFAULT 0,
    page_version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX articles_newest ON articles (published_at, id) WHERE removed_at IS NULL;

CREATE TABLE article_aliases (
    slug TEXT NOT NULL PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT;
CREATE INDEX article_aliases_article ON article_aliases (article_id);

CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE moderators (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    role INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_moderator ON sessions (moderator_id);

CREATE TABLE login_failures (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    network BLOB NOT NULL,
    account BLOB NOT NULL
) STRICT;
CREATE INDEX login_failures_network ON login_failures (network, at);
CREATE INDEX login_failures_account ON login_failures (account, at);
CREATE INDEX login_failures_at ON login_failures (at);

CREATE TABLE rules (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER
) STRICT;
CREATE UNIQUE INDEX rules_current ON rules (number) WHERE until IS NULL;

CREATE TABLE comments (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    parent_id INTEGER REFERENCES comments (id),
    root_id INTEGER REFERENCES comments (id),
    depth INTEGER NOT NULL,
    status INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    author_id INTEGER REFERENCES authors (id),
    staff INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    website TEXT NOT NULL,
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    html_version INTEGER NOT NULL,
    receipt TEXT NOT NULL UNIQUE,
    digest BLOB UNIQUE,
    network BLOB,
    hold TEXT NOT NULL,
    risk INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    decided_at INTEGER,
    ground INTEGER,
    rule_id INTEGER REFERENCES rules (id),
    public_descendants INTEGER NOT NULL DEFAULT 0
) STRICT;
-- The partial indexes repeat store::comments::shown() to the letter: that is how both planners find them. The second has no
-- root comments: counting few replies per parent, SQLite sometimes looked there for those of one article, and walked those of all.
CREATE INDEX comments_roots ON comments (article_id, id) WHERE parent_id IS NULL AND (status = 1 OR public_descendants > 0);
CREATE INDEX comments_replies ON comments (parent_id, id) WHERE parent_id IS NOT NULL AND (status = 1 OR public_descendants > 0);
CREATE INDEX comments_status ON comments (status, id);
CREATE INDEX comments_network ON comments (network, created_at) WHERE network IS NOT NULL;

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    moderator_id INTEGER REFERENCES moderators (id),
    at INTEGER NOT NULL,
    from_status INTEGER NOT NULL,
    to_status INTEGER NOT NULL,
    ground INTEGER,
    rule_id INTEGER REFERENCES rules (id),
    note TEXT NOT NULL,
    undoes INTEGER REFERENCES decisions (id),
    comment_version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX decisions_comment ON decisions (comment_id, comment_version);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    decision_id INTEGER NOT NULL REFERENCES decisions (id),
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    kind TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    due_at INTEGER NOT NULL,
    claimed_at INTEGER,
    delivered_at INTEGER,
    cancelled_at INTEGER
) STRICT;
CREATE INDEX outbox_decision ON outbox (decision_id);
CREATE INDEX outbox_due ON outbox (due_at) WHERE delivered_at IS NULL AND cancelled_at IS NULL;

CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    moderator_id INTEGER,
    act TEXT NOT NULL,
    article_id INTEGER,
    comment_id INTEGER,
    decision_id INTEGER,
    facts TEXT NOT NULL,
    digest BLOB
) STRICT;
CREATE INDEX audit_entries_comment ON audit_entries (comment_id, id) WHERE comment_id IS NOT NULL;

CREATE TABLE audit_texts (
    entry_id INTEGER NOT NULL PRIMARY KEY REFERENCES audit_entries (id),
    salt BLOB NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE secrets (
    purpose TEXT NOT NULL PRIMARY KEY,
    key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

INSERT INTO rules (number, kind, title, text, since) VALUES
    (1, 'conduct', 'Personal attack', 'Argue with the point and leave the person alone.', 0),
    (2, 'conduct', 'Hatred or discrimination', 'No hatred of anyone for what they are.', 0),
    (3, 'conduct', 'Private information', 'Keep other people’s private details private.', 0),
    (4, 'conduct', 'Off topic', 'Keep to the subject of the article.', 0),
    (5, 'conduct', 'Advertising', 'No advertising.', 0),
    (6, 'illegal', 'Unlawful content', 'Nothing the law forbids.', 0);
