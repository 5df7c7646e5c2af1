//! Texts: words as often as ranks have it, sentences, paragraphs, now and then a quotation, a link, an emoji.

use super::random::Random;
use super::scripts::{EMOJI, SCRIPTS, Script};

/// Words of a language, the common ones included.
const VOCABULARY: usize = 12_000;
/// Words of the longest text.
const LONGEST: usize = 900;

/// What a text has to have.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// So many links, at least.
    pub links: usize,
    /// Others may be in it, up to the number that holds no comment.
    pub may_link: bool,
    /// Words, as most have.
    pub median: f64,
}

/// Which script somebody writes in.
pub fn script(random: &mut Random) -> &'static Script {
    let mut drawn = random.below(SCRIPTS.iter().map(|script| script.share).sum());
    for script in &SCRIPTS {
        if drawn < script.share {
            return script;
        }
        drawn -= script.share;
    }
    &SCRIPTS[0]
}

/// A word: the commoner ones as they are, the others made of syllables, each always the same by its rank.
fn word(random: &mut Random, script: &Script, into: &mut String) {
    if script.syllables.is_empty() {
        into.push_str(script.common[random.zipf(script.common.len())]);
        return;
    }
    let rank = random.zipf(VOCABULARY);
    if let Some(common) = script.common.get(rank) {
        into.push_str(common);
        return;
    }
    let mut own = Random::of(rank as u64, 7, script.common.len() as u64);
    for _ in 0..2 + own.below(3) {
        into.push_str(own.pick(script.syllables));
    }
}

fn sentence(random: &mut Random, script: &Script, words: usize, into: &mut String) {
    let start = into.len();
    let marked = random.chance(0.04).then(|| random.below(words));
    for at in 0..words {
        if at > 0 {
            if random.chance(0.08) {
                into.push_str(script.comma);
            }
            into.push_str(script.space);
        }
        // Marks of emphasis want a space around them.
        let mark = if marked == Some(at) && !script.space.is_empty() {
            "*"
        } else {
            ""
        };
        into.push_str(mark);
        word(random, script, into);
        into.push_str(mark);
    }
    if script.capitals
        && let Some(first) = into[start..].chars().next()
    {
        let upper: String = first.to_uppercase().collect();
        into.replace_range(start..start + first.len_utf8(), &upper);
    }
    into.push_str(match random.below(14) {
        0 => "!",
        1 => "?",
        _ => script.stop,
    });
}

/// Sentences with so many words, in paragraphs.
fn paragraphs(random: &mut Random, script: &Script, words: usize, into: &mut String) {
    let mut left = words;
    let mut of_paragraph = 0;
    while left > 0 {
        let length = (3 + random.below(16)).min(left);
        sentence(random, script, length, into);
        left -= length;
        of_paragraph += 1;
        if left > 0 && of_paragraph > 2 && random.chance(0.4) {
            into.push_str("\n\n");
            of_paragraph = 0;
        } else if left > 0 {
            into.push(' ');
        }
    }
}

fn link(random: &mut Random, script: &Script, into: &mut String) {
    let mut place = String::new();
    word(random, &SCRIPTS[0], &mut place);
    let number = random.below(90_000);
    if random.chance(0.4) && !script.space.is_empty() {
        into.push_str(" [");
        word(random, script, into);
        into.push_str(&format!("](https://{place}.example/{number})"));
    } else {
        into.push_str(&format!(" https://{place}.example/news/{number} "));
    }
}

/// A comment as it was typed.
pub fn comment(random: &mut Random, script: &Script, wanted: Wanted) -> String {
    let words = random.long_tailed(wanted.median, 0.95).round();
    let words = (words as usize).clamp(1, LONGEST);
    let mut text = String::with_capacity(words * 9);
    if random.chance(0.05) {
        text.push_str("> ");
        let quoted = 4 + random.below(9);
        sentence(random, script, quoted, &mut text);
        text.push_str("\n\n");
    }
    paragraphs(random, script, words, &mut text);
    if random.chance(0.012) {
        for _ in 0..2 + random.below(3) {
            text.push_str("\n- ");
            sentence(random, script, 4, &mut text);
        }
    }
    let links = match wanted.links {
        0 if wanted.may_link && random.chance(0.05) => 1 + random.below(2),
        links => links,
    };
    for _ in 0..links {
        link(random, script, &mut text);
    }
    if random.chance(0.07) {
        text.push(' ');
        for _ in 0..1 + random.below(2) {
            text.push_str(random.pick(&EMOJI));
        }
    }
    text.trim().to_owned()
}

/// A few sentences in plain words, without marks.
pub fn plain(random: &mut Random, script: &Script, words: usize) -> String {
    let mut text = String::new();
    paragraphs(random, script, words, &mut text);
    text.replace('*', "")
}

/// A line without a stop at its end.
pub fn title(random: &mut Random, words: usize) -> String {
    let mut line = String::new();
    sentence(random, &SCRIPTS[0], words, &mut line);
    let line = line.replace('*', "");
    line.trim_end_matches(['.', '!', '?']).to_owned()
}
