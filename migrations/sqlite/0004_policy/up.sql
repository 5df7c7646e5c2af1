-- Policy, the sealed audit log, accounts, figures, privacy.

-- What the desk says of holds, one row for each time it changed; the highest version is in force. Settings are JSON.
CREATE TABLE policies (
    version INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    -- None when it came from the command line.
    moderator_id INTEGER REFERENCES moderators (id),
    settings TEXT NOT NULL
) STRICT;

-- Words and phrases, link domains, networks, e-mail domains. A change is a removal and a new row.
CREATE TABLE policy_entries (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    pattern TEXT NOT NULL,
    action INTEGER NOT NULL,
    -- Where it is looked for: 1 text, 2 name, 4 website, added up.
    scope INTEGER NOT NULL,
    until INTEGER,
    moderator_id INTEGER REFERENCES moderators (id),
    created_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX policy_entries_current ON policy_entries (kind, pattern) WHERE removed_at IS NULL;
CREATE INDEX policy_entries_listed ON policy_entries (id) WHERE removed_at IS NULL;

-- The chain: each seal's hash goes over the one before and its entry. Entries wait for theirs in a table of their own, so that
-- no row of the log is ever changed.
CREATE TABLE audit_seals (
    seq INTEGER NOT NULL PRIMARY KEY,
    entry_id INTEGER NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE audit_unsealed (
    entry_id INTEGER NOT NULL PRIMARY KEY
) STRICT;
INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_entries;
-- What the filters of the audit log walk along.
CREATE INDEX audit_entries_actor ON audit_entries (actor, moderator_id, id);
CREATE INDEX audit_entries_act ON audit_entries (act, id);
CREATE INDEX audit_entries_at ON audit_entries (at, id);

-- Accounts: two-factor, passwords that another person set, devices.
ALTER TABLE moderators ADD COLUMN totp_secret BLOB;
-- Set once a first code was right; without it the secret is a proposal.
ALTER TABLE moderators ADD COLUMN totp_since INTEGER;
-- The last time step whose code was taken: none is taken twice.
ALTER TABLE moderators ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE moderators ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
CREATE TABLE recovery_codes (
    code_hash BLOB NOT NULL PRIMARY KEY,
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    used_at INTEGER
) STRICT;
CREATE INDEX recovery_codes_moderator ON recovery_codes (moderator_id);
-- Who has given the right password and still owes a code.
CREATE TABLE sign_in_steps (
    token_hash BLOB NOT NULL PRIMARY KEY,
    moderator_id INTEGER NOT NULL REFERENCES moderators (id),
    created_at INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sign_in_steps_created ON sign_in_steps (created_at);
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';

-- When text, name and traces of a rejected comment or spam were let go, or erased on request.
ALTER TABLE comments ADD COLUMN purged_at INTEGER;
CREATE INDEX comments_retention ON comments (status, decided_at) WHERE status IN (2, 3) AND purged_at IS NULL;
CREATE INDEX comments_network_age ON comments (created_at) WHERE network IS NOT NULL;
CREATE INDEX reports_network_age ON reports (created_at) WHERE network IS NOT NULL;
-- The condition of store::retention, to the letter.
CREATE INDEX reports_contacts ON reports (decided_at) WHERE (decided_at IS NOT NULL AND (contact_name <> '' OR contact_email <> ''));
CREATE INDEX author_devices_seen ON author_devices (seen_at);
-- The shortened network of a comment, for moderators: 203.0.113.0/24, 2001:db8:1::/48.
CREATE TABLE comment_networks (
    comment_id INTEGER NOT NULL PRIMARY KEY REFERENCES comments (id),
    shortened TEXT NOT NULL
) STRICT;

-- What figures are counted along.
CREATE INDEX comments_created ON comments (created_at, status, published_at, rule_id, ground) WHERE staff = 0;
-- Of the first verdict on a comment: milliseconds since the comment came in.
ALTER TABLE decisions ADD COLUMN waited INTEGER;
UPDATE decisions SET waited = at - (SELECT c.created_at FROM comments c WHERE c.id = comment_id)
    WHERE from_status = 0 AND undoes IS NULL AND about = 0;
CREATE INDEX decisions_at ON decisions (at, moderator_id, waited) WHERE undoes IS NULL;
CREATE INDEX decisions_undoes ON decisions (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX reports_created ON reports (created_at, status);
CREATE INDEX appeals_created ON appeals (created_at);
