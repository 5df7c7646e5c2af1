//! The rules: what a comment can become, who may say so, what is held and why. Pure: no I/O, nothing of ours.

pub mod decision;
pub mod forgetting;
pub mod ground;
pub mod hold;
pub mod house_rules;
pub mod listed;
pub mod notice;
pub mod password;
pub mod policy;
pub mod report;
pub mod review;
pub mod role;
pub mod status;
pub mod submission;
pub mod voice;

pub use decision::Decision;
pub use forgetting::without_words;
pub use ground::Ground;
pub use hold::HoldReason;
pub use notice::Notice;
pub use policy::HoldMode;
pub use report::{Report, ReportStatus};
pub use review::{About, AppealStatus, RevisionStatus};
pub use role::Role;
pub use status::Status;
pub use submission::{Field, FieldError, FieldErrors, Problem, Submission};
pub use voice::Voice;
