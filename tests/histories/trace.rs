//! What strace wrote of a program.

use std::collections::HashMap;

/// A system call: the lines in which it began and ended, and what was written of it.
#[derive(Debug, Clone, Default)]
pub struct Call {
    pub begun: usize,
    pub ended: usize,
    pub text: String,
}

impl Call {
    pub fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.text.starts_with(name))
    }

    fn has(&self, any: &[String]) -> bool {
        any.iter().any(|one| self.text.contains(one))
    }

    fn sends(&self) -> bool {
        self.is(&["write(", "writev(", "sendto(", "sendmsg("])
    }

    /// The descriptor, with what it leads to.
    pub fn descriptor(&self) -> &str {
        let from = self.text.find('(').map_or(0, |at| at + 1);
        let rest = &self.text[from..];
        rest.split([',', ')']).next().unwrap_or_default().trim()
    }
}

/// Every call, by the lines of the file.
pub struct Trace(Vec<Call>);

impl Trace {
    /// Calls in the order in which they ended; those of one thread that were interrupted by others' are put together.
    pub fn read(text: &str) -> Self {
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
    pub fn first(&self, after: usize, is: impl Fn(&Call) -> bool) -> Option<&Call> {
        let later = self.0.iter().filter(|call| call.begun >= after);
        later.filter(|call| is(call)).min_by_key(|call| call.ended)
    }

    /// The call that read a request with this in it.
    pub fn received(&self, asked: &str) -> Option<&Call> {
        self.first(0, |call| {
            call.is(&["recvfrom(", "read("]) && call.text.contains(asked)
        })
    }

    /// The line in which the answer to this request began to leave: that it was done.
    pub fn answered(&self, request: &Call) -> Option<usize> {
        let answered = self.first(request.ended, |call| {
            call.sends()
                && call.descriptor() == request.descriptor()
                && call.text.contains("HTTP/1.1 ")
        })?;
        let done = answered.text.contains("HTTP/1.1 303");
        done.then_some(answered.begun)
    }

    /// The line by which SQLite's log had been synced with one of these in it, after this request.
    pub fn synced(&self, written: &[String], request: &Call) -> Option<usize> {
        let of_log = |call: &Call| call.descriptor().ends_with("-wal>");
        let written = self.first(request.ended, |call| {
            call.is(&["pwrite64(", "pwritev(", "write("]) && of_log(call) && call.has(written)
        })?;
        let synced = self.first(written.ended, |call| {
            call.is(&["fdatasync(", "fsync("]) && of_log(call) && call.text.contains("= 0")
        })?;
        Some(synced.ended)
    }

    /// The line by which PostgreSQL had said that the transaction with one of these in it is committed, after this request.
    pub fn committed(&self, written: &[String], request: &Call) -> Option<usize> {
        let sent = self.first(request.ended, |call| {
            call.sends() && call.has(written) && !call.text.contains("HTTP/1.1")
        })?;
        let committed = self.first(sent.ended, |call| {
            call.is(&["recvfrom("])
                && call.descriptor() == sent.descriptor()
                && call.text.contains("COMMIT\\0")
        })?;
        Some(committed.ended)
    }
}
