//! What the server does, side by side with the limit: `cargo bench --bench load -- --help` says how. The real server runs as a
//! process with its real settings; the limit of a page is a bare actix-web server that sends the same bytes from memory, that of
//! a reply is a plain insert of the same rows.

#[path = "load/answer.rs"]
mod answer;
#[path = "load/backlog.rs"]
mod backlog;
#[path = "load/beside.rs"]
mod beside;
#[path = "load/cases.rs"]
mod cases;
#[path = "load/database.rs"]
mod database;
#[path = "load/discussion.rs"]
mod discussion;
#[path = "../examples/fill/mod.rs"]
mod fill;
#[path = "load/generator.rs"]
mod generator;
#[path = "load/goals.rs"]
mod goals;
#[path = "load/limit.rs"]
mod limit;
#[path = "load/memory.rs"]
mod memory;
#[path = "load/options.rs"]
mod options;
#[path = "load/process.rs"]
mod process;
#[path = "load/raw.rs"]
mod raw;
#[path = "load/replies.rs"]
mod replies;
#[path = "load/report.rs"]
mod report;
#[path = "load/request.rs"]
mod request;
#[path = "load/site.rs"]
mod site;
#[path = "load/table.rs"]
mod table;
#[path = "load/words.rs"]
mod words;
#[path = "load/wrk.rs"]
mod wrk;

use std::process::ExitCode;

use cases::Run;
use options::Options;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    // This program starts itself as the limit.
    if let Some("--limit") = std::env::args().nth(1).as_deref() {
        words.next();
        let (file, address) = (words.next().unwrap(), words.next().unwrap());
        limit::run(file.as_ref(), address.parse().unwrap()).unwrap();
        return ExitCode::SUCCESS;
    }
    let options = match Options::parse(words) {
        Ok(options) => options,
        Err(sentence) => {
            eprintln!("{sentence}");
            return ExitCode::FAILURE;
        }
    };
    let mut run = Run::new(options);
    run.everything();
    run.goals();
    let text = report::text(&run);
    println!("{text}");
    if run.options.write {
        report::write(&run.options, &text);
    }
    ExitCode::SUCCESS
}
