//! Form fields, as the macros of `ui.html` draw them.

/// A one-line field, by `ui::input`: label above, error under the label, input last.
#[derive(Default)]
pub(super) struct Input {
    /// Its name in the form and its id.
    pub name: &'static str,
    /// `text`, `email` or `password`; or `url`, drawn as text: browsers refuse `example.org`, which is taken here.
    pub kind: &'static str,
    pub label: String,
    /// Said after the label when the field may stay empty.
    pub optional: String,
    pub autocomplete: &'static str,
    pub required: bool,
    pub value: String,
    /// Most characters the browser takes; 0 is no limit.
    pub max: usize,
    /// A name to sign in with: no capitals, no spelling.
    pub verbatim: bool,
    /// What to enter instead; empty when nothing is wrong.
    pub error: String,
}

/// A box to tick, by `ui::check`: its value is `yes`.
#[derive(Default)]
pub(super) struct Check {
    /// Its name in the form and its id.
    pub name: &'static str,
    pub label: String,
    pub ticked: bool,
    pub error: String,
}
