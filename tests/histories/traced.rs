//! That no answer leaves before its sync, by a trace of system calls: a kill cannot show it, because the kernel outlives the
//! program. On PostgreSQL the sync is that server's own; there the trace shows that its answer to COMMIT comes first.

use std::process::Command;

use diesel::prelude::*;
use rejoinder::moderation::Role;
use rejoinder::store::schema::comments;
use rejoinder::store::{Db, moderators, transaction};
use rejoinder::time::Timestamp;

use super::acts::journal::word;
use super::support::program::{self, Program};
use super::support::{Client, Database, Engine, PASSWORD, on_each_engine, rows, skip};
use super::trace::Trace;

const CLIENTS: usize = 6;
const ROUNDS: usize = 2;

/// An act that was acknowledged, and how its traces are known.
struct Told {
    what: &'static str,
    /// Stands in its request.
    asked: String,
    /// Stands in what it writes: one of these.
    written: Vec<String>,
}

impl Told {
    /// By a word of the text that was sent.
    fn by_word(what: &'static str, word: String) -> Self {
        Self {
            what,
            asked: word.clone(),
            written: vec![word],
        }
    }
}

/// The server under strace, which writes to this file.
fn traced(database: &Database) -> (Program, std::path::PathBuf) {
    let file = database.folder().join("trace");
    let mut command = Command::new("strace");
    let calls = "trace=read,write,writev,pwrite64,pwritev,sendto,sendmsg,recvfrom,fsync,fdatasync";
    // `-D`: the server is the child, and the tracer ends with it.
    command.args(["-D", "-f", "-y", "-s", "9000", "-e", calls, "-o"]);
    command.arg(&file);
    let server = program::serve(database);
    command.arg(server.get_program()).args(server.get_args());
    for (name, value) in server.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(database.folder());
    (Program::run(command), file)
}

#[test]
fn no_answer_leaves_before_what_it_acknowledges_is_synced() {
    let mut may = Command::new("strace");
    let may = may.args(["-f", "-o", "/dev/null", "true"]).status();
    if !may.is_ok_and(|status| status.success()) {
        return skip("strace: it is not there, or may not trace");
    }
    on_each_engine(|engine| {
        let database = Database::new(engine);
        let mut db = database.connect();
        rows::article(&mut db, "ferry");
        let hash = rejoinder::passwords::hash(PASSWORD).unwrap();
        let added = transaction(&mut db, |db| {
            moderators::add(db, "Dana", "dana", Role::Moderator, &hash, Timestamp::now())
        });
        added.unwrap().unwrap();
        let (mut program, file) = traced(&database);
        let base = &program.base;
        let (mut told, receipts): (Vec<_>, Vec<_>) = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let mut db = database.connect();
                    scope.spawn(move || act(base, &mut db, client))
                })
                .collect();
            let told = clients.into_iter().map(|client| client.join().unwrap());
            told.unzip()
        });
        // One after the other, when nobody else writes: what a withdrawal leaves has no words of its own.
        let reader = Client::new(base);
        let withdrawn = receipts.into_iter().flatten().map(|receipt: String| {
            let path = format!("{receipt}/withdraw");
            assert_eq!(reader.post(&path, &[]).status, 303);
            Told {
                what: "a withdrawal",
                asked: format!("POST {path} "),
                written: vec![match engine {
                    // The page with its row.
                    Engine::Sqlite => receipt.rsplit('/').next().unwrap().to_owned(),
                    // The line in the log.
                    Engine::Postgres => "withdrawn".to_owned(),
                }],
            }
        });
        told.push(withdrawn.collect());
        program.terminate();
        program.wait();
        let trace = Trace::read(&std::fs::read_to_string(file).unwrap());
        let told: Vec<Told> = told.into_iter().flatten().collect();
        assert_eq!(told.len(), CLIENTS * ROUNDS * 7);
        for Told {
            what,
            asked,
            written,
        } in told
        {
            let request = trace.received(&asked);
            let request = request.unwrap_or_else(|| panic!("{what} never came: {asked}"));
            let answered = trace.answered(request);
            let answered = answered.unwrap_or_else(|| panic!("{what} has no answer: {asked}"));
            let durable = match engine {
                Engine::Sqlite => trace.synced(&written, request),
                Engine::Postgres => trace.committed(&written, request),
            };
            let durable =
                durable.unwrap_or_else(|| panic!("{what} never reached the disk: {asked}"));
            assert!(
                durable < answered,
                "{what} was acknowledged in line {answered}, and durable in line {durable}: {asked}"
            );
        }
    });
}

/// Everything that can be done to a reply, but its end: what was told of it, and the receipts.
fn act(base: &str, db: &mut Db, client: usize) -> (Vec<Told>, Vec<String>) {
    let (reader, dana) = (Client::new(base), Client::new(base));
    assert_eq!(dana.sign_in("Dana", PASSWORD).status, 303);
    let csrf = dana.get("/moderation").value("input[name=csrf]");
    let (mut told, mut receipts) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let word = |serial| word(0, client, 10 * round + serial);
        let receipt = reader.reply("ferry", "Ama", &format!("I say {}.", word(1)));
        told.push(Told::by_word("a reply", word(1)));

        let path = format!("{receipt}/edit");
        let seen = reader.get(&path).value("[name=seen]");
        let body = format!("I say {} now.", word(2));
        let fields = [("seen", seen.as_str()), ("body", &body), ("do", "send")];
        assert_eq!(reader.post(&path, &fields).status, 303);
        told.push(Told::by_word("an edit", word(2)));

        let mut decide = |verdict: &str, note: &str| {
            let (id, version): (i64, i64) = comments::table
                .filter(comments::receipt.eq(receipt.rsplit('/').next().unwrap()))
                .select((comments::id, comments::version))
                .first(db)
                .unwrap();
            let fields = [
                ("csrf", csrf.as_str()),
                ("version", &version.to_string()),
                ("view", ""),
                ("do", verdict),
                ("ground", "4"),
                ("note", note),
            ];
            let done = dana.post(&format!("/moderation/comments/{id}/decide"), &fields);
            assert_eq!(done.status, 303, "{}", done.text());
            let decision = done.location().split("done=").nth(1).unwrap().to_owned();
            let decision = decision.split(['&', '#']).next().unwrap().to_owned();
            (id, decision)
        };
        let (_, decision) = decide("reject", &word(3));
        told.push(Told::by_word("a rejection", word(3)));

        let path = format!("/moderation/decisions/{decision}/undo");
        let undone = dana.post(&path, &[("csrf", &csrf), ("view", "")]);
        assert_eq!(undone.status, 303);
        // Its line in the log, as strace quotes it.
        let logged = |end| format!("\\\"undoes\\\":{decision}{end}");
        told.push(Told {
            what: "an undo",
            asked: format!("POST {path} "),
            written: vec![logged(','), logged('}')],
        });

        let (id, _) = decide("approve", &word(4));
        told.push(Told::by_word("an approval", word(4)));

        let said = format!("It says {}.", word(5));
        let fields = [("ground", "4"), ("explanation", said.as_str())];
        // Nobody reports the same twice.
        let network = format!("10.1.{client}.{}", round + 1);
        let reported = reader.post_from(&network, &format!("/comments/{id}/report"), &fields);
        assert_eq!(reported.status, 303, "{}", reported.text());
        told.push(Told::by_word("a report", word(5)));
        receipts.push(receipt);
    }
    (told, receipts)
}
