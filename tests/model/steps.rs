//! What can happen to an article, drawn at random.

use proptest::prelude::*;
use rejoinder::moderation::Decision;

/// Authors who ask to be remembered.
pub const AUTHORS: usize = 3;

/// For what a reply is held, before anybody is asked who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Nothing,
    EveryReply,
    FirstReply,
}

/// One event. Comments and decisions are counted from the newest, so that histories shrink well.
#[derive(Debug, Clone)]
pub enum Step {
    /// A reply, to a comment or to the article, by nobody known or by an author who asks to be remembered; published at
    /// once unless it is held.
    Post {
        parent: Option<usize>,
        hold: Hold,
        author: Option<usize>,
    },
    /// The same reply once more, word for word, from the same device.
    PostAgain {
        comment: usize,
    },
    /// A verdict by a form that is so many versions behind, with this house rule.
    Decide {
        comment: usize,
        moderator: usize,
        decision: Decision,
        behind: i64,
        rule: i16,
    },
    Undo {
        latest: usize,
        moderator: usize,
    },
    /// By the author, with one of a few texts.
    Edit {
        comment: usize,
        number: u8,
    },
    Withdraw {
        comment: usize,
    },
    Close,
    Open,
    /// Milliseconds pass.
    Wait(i64),
}

/// Histories of up to forty events.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let near = || prop_oneof![3 => 0..3_usize, 1 => 0..40_usize];
    let decision = prop_oneof![
        3 => Just(Decision::Approve),
        2 => Just(Decision::Reject),
        1 => Just(Decision::Spam),
    ];
    let hold = prop_oneof![
        3 => Just(Hold::EveryReply),
        3 => Just(Hold::FirstReply),
        2 => Just(Hold::Nothing),
    ];
    let step = prop_oneof![
        8 => (prop::option::weighted(0.7, near()), hold, prop::option::weighted(0.6, 0..AUTHORS))
            .prop_map(|(parent, hold, author)| Step::Post { parent, hold, author }),
        1 => near().prop_map(|comment| Step::PostAgain { comment }),
        10 => (
            near(),
            0..2_usize,
            decision,
            prop_oneof![6 => Just(0_i64), 1 => Just(1), 1 => -1..3_i64],
            prop_oneof![8 => 1..7_i16, 1 => Just(99)],
        )
            .prop_map(|(comment, moderator, decision, behind, rule)| Step::Decide {
                comment,
                moderator,
                decision,
                behind,
                rule,
            }),
        4 => (near(), 0..2_usize).prop_map(|(latest, moderator)| Step::Undo { latest, moderator }),
        4 => (near(), 0..3_u8).prop_map(|(comment, number)| Step::Edit { comment, number }),
        1 => near().prop_map(|comment| Step::Withdraw { comment }),
        1 => Just(Step::Close),
        2 => Just(Step::Open),
        2 => prop_oneof![1..61_000_i64, Just(60_000), 1..700_000_i64].prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..40)
}
