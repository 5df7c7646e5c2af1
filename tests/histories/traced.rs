//! That no answer leaves before its sync, by a trace of system calls: a kill cannot show it, because the kernel outlives the
//! program. On PostgreSQL the sync is that server's own; there the trace shows that its answer to COMMIT comes first.

use std::collections::HashMap;
use std::process::Command;

use super::journal::word;
use super::support::program::{self, Program};
use super::support::{Client, Database, Engine, on_each_engine, rows, skip};

const READERS: usize = 6;
const REPLIES: usize = 5;

#[test]
fn no_answer_leaves_before_its_reply_is_synced() {
    let mut traced = Command::new("strace");
    let traced = traced.args(["-f", "-o", "/dev/null", "true"]).status();
    if !traced.is_ok_and(|status| status.success()) {
        return skip("strace: it is not there, or may not trace");
    }
    on_each_engine(|engine| {
        let database = Database::new(engine);
        rows::article(&mut database.connect(), "ferry");
        let file = database.folder().join("trace");
        let mut command = Command::new("strace");
        let calls = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,recvfrom,fsync,fdatasync";
        // `-D`: the server is the child, and the tracer ends with it.
        command.args(["-D", "-f", "-y", "-s", "9000", "-e", calls, "-o"]);
        command.arg(&file);
        let server = program::serve(&database);
        command.arg(server.get_program()).args(server.get_args());
        for (name, value) in server.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.current_dir(database.folder());
        let mut program = Program::run(command);
        let told: Vec<(String, String)> = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..READERS)
                .map(|reader| {
                    let base = program.base.clone();
                    scope.spawn(move || post(&base, reader))
                })
                .collect();
            let told = readers.into_iter().map(|reader| reader.join().unwrap());
            told.flatten().collect()
        });
        program.terminate();
        program.wait();
        let trace = Trace::read(&std::fs::read_to_string(file).unwrap());
        assert_eq!(told.len(), READERS * REPLIES);
        for (word, receipt) in told {
            let answered = trace.first(0, |call| {
                call.sends() && call.text.contains("HTTP/1.1 303") && call.text.contains(&receipt)
            });
            let answered = answered
                .unwrap_or_else(|| panic!("no answer to {word}"))
                .begun;
            let durable = match engine {
                Engine::Sqlite => trace.synced(&word),
                Engine::Postgres => trace.committed(&word),
            };
            let durable = durable.unwrap_or_else(|| panic!("{word} never reached the disk"));
            assert!(
                durable < answered,
                "{word} was acknowledged in line {answered}, and durable in line {durable}"
            );
        }
    });
}

fn post(base: &str, reader: usize) -> Vec<(String, String)> {
    let client = Client::new(base);
    let mut told = Vec::new();
    for reply in 0..REPLIES {
        let word = word(0, reader, reply);
        let receipt = client.reply("ferry", "Ama", &format!("I say {word}."));
        told.push((word, receipt));
    }
    told
}

/// A system call: the lines in which it began and ended, and what was written of it.
#[derive(Debug, Clone, Default)]
struct Call {
    begun: usize,
    ended: usize,
    text: String,
}

impl Call {
    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.text.starts_with(name))
    }

    fn sends(&self) -> bool {
        self.is(&["write(", "writev(", "sendto(", "sendmsg("])
    }

    /// The descriptor, with what it leads to.
    fn descriptor(&self) -> &str {
        let from = self.text.find('(').map_or(0, |at| at + 1);
        let rest = &self.text[from..];
        rest.split([',', ')']).next().unwrap_or_default().trim()
    }
}

struct Trace(Vec<Call>);

impl Trace {
    /// Calls in the order in which they ended; those of one thread that were interrupted by others' are put together.
    fn read(text: &str) -> Self {
        let mut calls = Vec::new();
        let mut open: HashMap<&str, Call> = HashMap::new();
        for (number, line) in text.lines().enumerate() {
            let Some((thread, said)) = line.split_once(' ') else {
                continue;
            };
            let said = said.trim_start();
            if let Some(begun) = said.strip_suffix("<unfinished ...>") {
                let call = Call {
                    begun: number,
                    ended: usize::MAX,
                    text: begun.to_owned(),
                };
                open.insert(thread, call);
            } else if said.starts_with("<... ") {
                if let Some(mut call) = open.remove(thread) {
                    call.ended = number;
                    call.text
                        .push_str(said.split_once("resumed>").map_or("", |(_, rest)| rest));
                    calls.push(call);
                }
            } else {
                calls.push(Call {
                    begun: number,
                    ended: number,
                    text: said.to_owned(),
                });
            }
        }
        calls.extend(open.into_values());
        Self(calls)
    }

    /// The first call to end among those that began after this line.
    fn first(&self, after: usize, is: impl Fn(&Call) -> bool) -> Option<&Call> {
        let later = self.0.iter().filter(|call| call.begun >= after);
        later.filter(|call| is(call)).min_by_key(|call| call.ended)
    }

    /// The line by which SQLite's log had been synced with this word in it.
    fn synced(&self, word: &str) -> Option<usize> {
        let of_log = |call: &Call| call.descriptor().ends_with("-wal>");
        let written = self.first(0, |call| {
            call.is(&["pwrite64(", "pwritev(", "write("])
                && of_log(call)
                && call.text.contains(word)
        })?;
        let synced = self.first(written.ended, |call| {
            call.is(&["fdatasync(", "fsync("]) && of_log(call) && call.text.contains("= 0")
        })?;
        Some(synced.ended)
    }

    /// The line by which PostgreSQL had said that the transaction with this word in it is committed.
    fn committed(&self, word: &str) -> Option<usize> {
        let sent = self.first(0, |call| {
            call.sends() && call.text.contains(word) && !call.text.contains("HTTP/1.1")
        })?;
        let committed = self.first(sent.ended, |call| {
            call.is(&["recvfrom("])
                && call.descriptor() == sent.descriptor()
                && call.text.contains("COMMIT\\0")
        })?;
        Some(committed.ended)
    }
}
