//! Random histories of replies, edits, withdrawals, decisions and undos against a plain model that holds the one definition of public, shown
//! and counted. `PROPTEST_CASES` asks for more of them.

mod support;

#[path = "model/expect.rs"]
mod expect;
#[path = "model/newsroom.rs"]
mod newsroom;
#[path = "model/steps.rs"]
mod steps;
#[path = "model/texts.rs"]
mod texts;
#[path = "model/verdicts.rs"]
mod verdicts;

use proptest::test_runner::{Config, TestRunner};
use rejoinder::moderation::Decision;

use newsroom::Newsroom;
use steps::{Hold, Step, steps};
use support::{Engine, on_each_engine};

/// Histories per engine unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 12;

#[test]
fn whatever_happens_readers_authors_and_counts_agree_with_the_model() {
    let cases = std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    on_each_engine(|engine| {
        let newsroom = std::cell::RefCell::new(Newsroom::new(engine));
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: None,
            ..Config::default()
        });
        let outcome = runner.run(&steps(), |steps| {
            newsroom.borrow_mut().play(&steps);
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("{failure}");
        }
    });
}

fn play(steps: &[Step]) {
    on_each_engine(|engine: Engine| Newsroom::new(engine).play(steps));
}

const POST: Step = Step::Post {
    parent: None,
    hold: Hold::EveryReply,
    author: None,
};

fn decide(decision: Decision) -> Step {
    Step::Decide {
        comment: 0,
        moderator: 0,
        decision,
        behind: 0,
        rule: 1,
    }
}

#[test]
fn a_verdict_that_is_back_by_undo_waits_for_its_own_window_and_keeps_its_note() {
    play(&[
        POST,
        decide(Decision::Reject),
        Step::Wait(10_000),
        decide(Decision::Approve),
        Step::Undo {
            latest: 0,
            moderator: 1,
        },
        Step::Wait(10_000),
        Step::Wait(40_000),
        decide(Decision::Spam),
        Step::Wait(1_000),
        Step::Undo {
            latest: 0,
            moderator: 0,
        },
    ]);
}

#[test]
fn a_verdict_replaced_within_its_window_is_never_heard_of() {
    play(&[
        POST,
        decide(Decision::Reject),
        Step::Wait(10_000),
        decide(Decision::Spam),
        Step::Wait(55_000),
        Step::Close,
        Step::Wait(5_000),
    ]);
}

#[test]
fn an_edit_of_what_waits_again_takes_the_place_of_the_one_that_waited_beside_it() {
    let edit = |number| Step::Edit { comment: 0, number };
    play(&[
        POST,
        decide(Decision::Approve),
        edit(0),
        Step::Undo {
            latest: 0,
            moderator: 0,
        },
        edit(1),
        decide(Decision::Approve),
    ]);
}

#[test]
fn the_time_for_edits_begins_again_with_the_approval_after_an_undo() {
    play(&[
        POST,
        decide(Decision::Approve),
        Step::Wait(300_000),
        Step::Undo {
            latest: 0,
            moderator: 0,
        },
        decide(Decision::Approve),
        Step::Edit {
            comment: 0,
            number: 0,
        },
    ]);
}

#[test]
fn a_branch_goes_when_its_last_public_comment_goes_and_is_back_with_it() {
    let below = |parent| Step::Post {
        parent: Some(parent),
        hold: Hold::EveryReply,
        author: None,
    };
    let verdict = |comment, decision| Step::Decide {
        comment,
        moderator: 0,
        decision,
        behind: 0,
        rule: 2,
    };
    // Comments are counted from the newest: 0 is the one posted last.
    play(&[
        POST,
        verdict(0, Decision::Approve),
        below(0),
        verdict(0, Decision::Approve),
        below(0),
        verdict(2, Decision::Spam),
        verdict(0, Decision::Approve),
        verdict(1, Decision::Reject),
        verdict(0, Decision::Reject),
        Step::Undo {
            latest: 0,
            moderator: 0,
        },
        verdict(2, Decision::Approve),
    ]);
}

#[test]
fn a_thread_of_forty_levels_stops_growing_deeper_at_the_thirty_second() {
    let mut steps = vec![Step::Post {
        parent: None,
        hold: Hold::Nothing,
        author: None,
    }];
    steps.extend((0..40).map(|_| Step::Post {
        parent: Some(0),
        hold: Hold::Nothing,
        author: None,
    }));
    steps.push(Step::Decide {
        comment: 2,
        moderator: 0,
        decision: Decision::Reject,
        behind: 0,
        rule: 1,
    });
    play(&steps);
}

#[test]
fn an_authors_first_reply_waits_and_the_next_does_not_until_the_approval_is_undone() {
    let by = |author| Step::Post {
        parent: None,
        hold: Hold::FirstReply,
        author: Some(author),
    };
    let undo = Step::Undo {
        latest: 0,
        moderator: 0,
    };
    play(&[
        by(0),
        Step::PostAgain { comment: 0 },
        by(0),
        decide(Decision::Approve),
        by(0),
        by(1),
        Step::Decide {
            comment: 2,
            moderator: 0,
            decision: Decision::Reject,
            behind: 0,
            rule: 1,
        },
        by(0),
        decide(Decision::Spam),
        undo.clone(),
        undo,
    ]);
}
