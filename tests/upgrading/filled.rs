//! A database of an earlier schema with rows in every table, as that version could have left them.

use diesel::connection::SimpleConnection;
use rejoinder::store::{Db, audit_seals, token, transaction};
use rejoinder::time::Timestamp;

/// Rows for what each migration made. `B(..)` is a blob, in the words of either engine.
const ROWS: [&str; 4] = [
    "INSERT INTO articles (id, slug, section, title, summary, byline, body_html, digest, published_at, comments_open, \
       comment_count, created_at) VALUES (1, 'ferry', '', 'The ferry', '', 'Ama Boateng', '<p>Text.</p>', B(00), 1, TRUE, 1, 1);
     INSERT INTO article_aliases (slug, article_id) VALUES ('old-ferry', 1);
     INSERT INTO authors (id, created_at) VALUES (1, 1);
     INSERT INTO moderators (id, name, name_key, role, password_hash, created_at) VALUES (1, 'Dana', 'dana', 1, 'x', 1);
     INSERT INTO sessions (token_hash, moderator_id, created_at, seen_at) VALUES (B(01), 1, 1, 1);
     INSERT INTO login_failures (at, network, account) VALUES (1, B(02), B(03));
     INSERT INTO comments (id, article_id, parent_id, root_id, depth, status, name, email, website, body, body_html, html_version, \
       receipt, digest, network, hold, risk, created_at, published_at, decided_at, ground, rule_id, public_descendants) VALUES \
       (1, 1, NULL, NULL, 0, 1, 'Lena', 'lena@example.org', '', 'Published.', '<p>Published.</p>', 1, 'r1', NULL, B(04), '[]', 0, \
         1, 5, 5, NULL, NULL, 0), \
       (2, 1, 1, 1, 1, 0, 'Ian', '', '', 'Waiting.', '<p>Waiting.</p>', 1, 'r2', B(05), NULL, '[]', 0, 2, NULL, NULL, NULL, NULL, 0), \
       (3, 1, NULL, NULL, 0, 2, 'Olu', '', '', 'Rejected.', '<p>Rejected.</p>', 1, 'r3', NULL, NULL, '[]', 0, 3, NULL, 6, 0, 1, 0);
     INSERT INTO decisions (id, comment_id, moderator_id, at, from_status, to_status, ground, rule_id, note, comment_version) VALUES \
       (1, 1, 1, 5, 0, 1, NULL, NULL, '', 1), (2, 3, 1, 6, 0, 2, 0, 1, 'Stay with the ferry.', 1);
     INSERT INTO outbox (id, decision_id, comment_id, kind, message_id, due_at) VALUES (1, 2, 3, 'notice', 'm1', 7);
     INSERT INTO audit_entries (id, at, actor, act, facts, digest) VALUES (1, 5, 1, 'approved', '{}', NULL), (2, 6, 1, 'rejected', '{}', B(DIGEST));
     INSERT INTO audit_texts (entry_id, salt, text) VALUES (2, B(0a0b), 'Stay with the ferry.');
     INSERT INTO secrets (purpose, key, created_at) VALUES ('fixture', B(06), 1);
     INSERT INTO settings (key, value) VALUES ('fixture', '1')",
    "INSERT INTO author_devices (token_hash, author_id, created_at, seen_at) VALUES (B(07), 1, 1, 1);
     UPDATE comments SET author_id = 1 WHERE id = 1;
     UPDATE authors SET approved_count = 1 WHERE id = 1;
     INSERT INTO revisions (id, comment_id, status, body, body_html, html_version, hold, created_at) VALUES \
       (1, 1, 0, 'Edited.', '<p>Edited.</p>', 1, '[]', 8);
     UPDATE comments SET revision_id = 1, open_reports = 1 WHERE id = 1;
     INSERT INTO appeals (id, comment_id, decision_id, status, text, created_at) VALUES (1, 3, 2, 0, 'But it is.', 9);
     INSERT INTO reports (id, comment_id, receipt, ground, rule_id, explanation, contact_name, contact_email, child_abuse, \
       good_faith, body_html, created_at, status) VALUES (1, 1, 'p1', 0, 1, 'Rude.', '', '', FALSE, FALSE, '<p>Published.</p>', 9, 0)",
    "INSERT INTO comment_terms (comment_id, terms, text_key) VALUES (1, 'published lena', 1), (2, 'waiting ian', 2), (3, 'rejected olu', 3);
     INSERT INTO claims (comment_id, moderator_id, since, until, light) VALUES (2, 1, 10, 11, FALSE);
     INSERT INTO bulks (id, moderator_id, at, asked, done, changed) VALUES (1, 1, 6, 1, 1, 0);
     UPDATE decisions SET bulk_id = 1 WHERE id = 2;
     INSERT INTO staff_notes (id, comment_id, author_id, moderator_id, at, text) VALUES (1, 1, 1, 1, 9, 'Look again.');
     INSERT INTO saved_replies (id, title, text, moderator_id, created_at) VALUES (1, 'Subject', 'Stay with it.', 1, 1);
     INSERT INTO author_holds (id, comment_id, author_id, email_key, reason, moderator_id, created_at, until) VALUES \
       (1, 3, NULL, '', 'Rude.', 1, 9, 10)",
    "INSERT INTO policies (version, at, moderator_id, settings) VALUES (1, 1, 1, '{}');
     INSERT INTO policy_entries (id, kind, pattern, action, scope, created_at) VALUES (1, 0, 'casino', 0, 7, 1);
     INSERT INTO recovery_codes (code_hash, moderator_id) VALUES (B(08), 1);
     INSERT INTO sign_in_steps (token_hash, moderator_id, created_at) VALUES (B(09), 1, 1);
     INSERT INTO comment_networks (comment_id, shortened) VALUES (1, '203.0.113.0/24');
     UPDATE decisions SET waited = 4 WHERE id = 1;
     UPDATE decisions SET waited = 3 WHERE id = 2",
];

/// Fills a database that has so many migrations, each once.
pub fn fill(db: &mut Db, migrations: usize) {
    let digest = token::digest(&[&[0x0a, 0x0b], b"Stay with the ferry."]);
    let (before, after) = match db.is_sqlite() {
        true => ("X'", "'"),
        false => ("'\\x", "'::bytea"),
    };
    for rows in ROWS.iter().take(migrations) {
        let rows = rows.replace("DIGEST", &token::hex(&digest));
        let mut parts = rows.split("B(");
        let mut statements = parts.next().unwrap().to_owned();
        for part in parts {
            let (digits, rest) = part.split_once(')').unwrap();
            statements.push_str(&format!("{before}{digits}{after}{rest}"));
        }
        db.batch_execute(&statements).unwrap();
    }
    if migrations >= 4 {
        // One entry sealed, one that waits.
        db.batch_execute("INSERT INTO audit_unsealed (entry_id) VALUES (1)")
            .unwrap();
        transaction(db, |db| audit_seals::seal(db, Timestamp(7))).unwrap();
        db.batch_execute("INSERT INTO audit_unsealed (entry_id) VALUES (2)")
            .unwrap();
    }
}

/// Migrations for which there are rows.
pub const KNOWN: usize = ROWS.len();
