//! Whoever read the log is gone: a logger that crashed, a terminal that was closed.

use super::support::program::{Program, serve};
use super::support::{Client, Database, Engine, rows};

#[test]
fn a_log_that_nobody_reads_any_more_costs_no_answer_and_no_stop() {
    let database = Database::new(Engine::Sqlite);
    rows::article(&mut database.connect(), "ferry");
    let (mut program, log) = Program::run_and_listen(serve(&database));
    drop(log);
    let reader = Client::new(&program.base);
    for n in 0..20 {
        assert_eq!(reader.get("/nowhere").status, 404);
        let receipt = reader.reply("ferry", "Ama", &format!("Reply {n}."));
        assert_eq!(reader.get(&receipt).status, 200);
    }
    program.terminate();
    assert_eq!(program.wait().code(), Some(0));
}
