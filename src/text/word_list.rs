//! Words and phrases of a list, found in texts however they are spelled: case, accents, letters of other scripts with a Latin
//! shape and dots between letters make no difference. One walk over a text finds all of them, with Aho and Corasick's automaton.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;

use super::one_line::latin_shape;
use super::pieces::{Piece, pieces};

/// Characters of a word that may go on where its pattern has a `*`; fewer would find it everywhere.
pub const SHORTEST_STEM: usize = 3;
/// Letters of a word that is found in a row of single letters. Shorter ones come up in initials.
const SHORTEST_SPELLED: usize = 4;
/// Bytes between two letters that are spelled one by one.
const SPELLED_GAP: usize = 4;
/// Ends a stretch: no phrase goes on across it.
const END: char = '\u{1}';

/// Why a pattern cannot be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPattern {
    /// It has neither a letter nor a digit.
    NothingToFind,
    /// A `*` stands elsewhere than at its beginning or its end.
    StarInside,
    /// So little stands beside its `*` that it would be found everywhere.
    StemTooShort,
}

/// A pattern as texts are searched for it: words parted by single spaces, with a space where a word must begin or end.
fn searched(pattern: &str) -> Result<String, BadPattern> {
    let typed = pattern.trim();
    let (open, rest) = match typed.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, typed),
    };
    let (goes_on, rest) = match rest.strip_suffix('*') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if rest.contains('*') {
        return Err(BadPattern::StarInside);
    }
    let words = words_of(rest).join(" ");
    let letters = words.chars().filter(|letter| *letter != ' ').count();
    if letters == 0 {
        return Err(BadPattern::NothingToFind);
    }
    if (open || goes_on) && letters < SHORTEST_STEM {
        return Err(BadPattern::StemTooShort);
    }
    let edge = |open: bool| if open { "" } else { " " };
    Ok(format!("{}{words}{}", edge(open), edge(goes_on)))
}

/// Checks a word or phrase before it goes into a list.
///
/// # Errors
/// Why it could not be found, or would be found everywhere.
pub fn check_pattern(pattern: &str) -> Result<(), BadPattern> {
    searched(pattern).map(|_| ())
}

/// Words and phrases to look for, each with a number of its own.
#[derive(Debug, Default)]
pub struct WordList {
    /// Finds forms among whole words.
    words: Option<AhoCorasick>,
    /// Which numbers each form has.
    numbers: Vec<Vec<usize>>,
    /// Finds forms in letters that are spelled one by one.
    spelled: Option<AhoCorasick>,
    spelled_numbers: Vec<Vec<usize>>,
}

/// A word or phrase that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number in the list.
    pub number: usize,
    /// Where it stands first, in bytes.
    pub from: usize,
    pub to: usize,
}

impl WordList {
    /// Patterns that cannot be looked for are never found.
    pub fn new<'a>(patterns: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let mut forms: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, pattern) in patterns {
            if let Ok(form) = searched(pattern) {
                forms.entry(form).or_default().push(number);
            }
        }
        let mut joined: HashMap<String, Vec<usize>> = HashMap::new();
        for (form, numbers) in &forms {
            let letters: String = form.chars().filter(|letter| *letter != ' ').collect();
            if letters.chars().count() >= SHORTEST_SPELLED {
                joined.entry(letters).or_default().extend(numbers);
            }
        }
        let (words, numbers) = automaton(forms);
        let (spelled, spelled_numbers) = automaton(joined);
        Self {
            words,
            numbers,
            spelled,
            spelled_numbers,
        }
    }

    /// Every entry that stands in the text, once, by where it stands first.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let Some(words) = &self.words else {
            return Vec::new();
        };
        let read = Read::of(text);
        let mut first: HashMap<usize, Found> = HashMap::new();
        let mut keep = |numbers: Option<&Vec<usize>>, place: Option<(usize, usize)>| {
            let Some((from, to)) = place else { return };
            for number in numbers.into_iter().flatten() {
                let found = Found {
                    number: *number,
                    from,
                    to,
                };
                let known = first.entry(*number).or_insert_with(|| found.clone());
                if found.from < known.from {
                    *known = found;
                }
            }
        };
        for hit in words.find_overlapping_iter(read.words.as_str()) {
            let place = read.place(hit.start(), hit.end());
            keep(self.numbers.get(hit.pattern().as_usize()), place);
        }
        if let Some(spelled) = &self.spelled {
            for run in &read.runs {
                for hit in spelled.find_overlapping_iter(run.letters.as_str()) {
                    let place = run.place(hit.start(), hit.end());
                    keep(self.spelled_numbers.get(hit.pattern().as_usize()), place);
                }
            }
        }
        let mut found: Vec<Found> = first.into_values().collect();
        found.sort_by_key(|found| (found.from, found.number));
        found
    }
}

fn automaton(forms: HashMap<String, Vec<usize>>) -> (Option<AhoCorasick>, Vec<Vec<usize>>) {
    let (forms, numbers): (Vec<String>, Vec<Vec<usize>>) = forms.into_iter().unzip();
    // It can only fail for lists of billions of letters, which no form sends.
    let automaton = AhoCorasick::new(&forms).ok().filter(|_| !forms.is_empty());
    (automaton, numbers)
}

/// A text as it is searched.
struct Read {
    /// Its words with a space before and after each; compounds follow, joined.
    words: String,
    /// Where in `words` each begins and ends, and where it stands in the text.
    places: Vec<Placed>,
    runs: Vec<Run>,
}

struct Placed {
    at: usize,
    end: usize,
    from: usize,
    to: usize,
}

/// Letters spelled one by one, as in `c.a.s.i.n.o`.
struct Run {
    letters: String,
    places: Vec<Placed>,
}

impl Run {
    fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        place(&self.places, start, end)
    }
}

fn place(places: &[Placed], start: usize, end: usize) -> Option<(usize, usize)> {
    let first = places.partition_point(|placed| placed.end <= start);
    let last = places.partition_point(|placed| placed.at < end);
    let first = places.get(first)?;
    let last = places.get(last.checked_sub(1)?)?;
    Some((first.from, last.to))
}

impl Read {
    fn of(text: &str) -> Self {
        let pieces: Vec<Piece> = pieces(text).collect();
        let mut read = Self {
            words: String::with_capacity(text.len() + 16),
            places: Vec::with_capacity(pieces.len()),
            runs: Vec::new(),
        };
        read.words.push(' ');
        for piece in &pieces {
            read.push(&shape(&piece.text), piece.from, piece.to);
        }
        // Words that are nothing but look-alikes are words of their own script where that script is written around them.
        if !pieces.iter().any(|piece| is_foreign(&piece.text)) {
            for piece in &pieces {
                read.push_alternative(&latin(&piece.text), &piece.text, (piece.from, piece.to));
            }
        }
        let mut rest = pieces.as_slice();
        while let Some(first) = rest.first() {
            let parts = compound(text, rest);
            if parts > 1 {
                let (these, _) = rest.split_at(parts);
                let joined: String = these.iter().map(|piece| shape(&piece.text)).collect();
                let to = these.last().map_or(first.to, |last| last.to);
                read.push_alternative(&joined, "", (first.from, to));
            }
            let spelled = spelled(text, rest);
            if spelled > 2 {
                read.runs.push(run_of(rest.get(..spelled).unwrap_or(rest)));
            }
            rest = rest.get(parts.max(spelled).max(1)..).unwrap_or_default();
        }
        read
    }

    /// Appends a word and the space after it; that before it is there.
    fn push(&mut self, word: &str, from: usize, to: usize) {
        let at = self.words.len();
        self.words.push_str(word);
        let end = self.words.len();
        self.places.push(Placed { at, end, from, to });
        self.words.push(' ');
    }

    /// Appends another reading of a word, unless it is the word itself.
    fn push_alternative(&mut self, reading: &str, word: &str, (from, to): (usize, usize)) {
        if reading != word && reading != shape(word) {
            self.words.push(END);
            self.words.push(' ');
            self.push(reading, from, to);
        }
    }

    fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        place(&self.places, start, end)
    }
}

fn run_of(pieces: &[Piece]) -> Run {
    let mut run = Run {
        letters: String::new(),
        places: Vec::new(),
    };
    for piece in pieces {
        let at = run.letters.len();
        run.letters.push_str(&shape(&piece.text));
        run.places.push(Placed {
            at,
            end: run.letters.len(),
            from: piece.from,
            to: piece.to,
        });
    }
    run
}

fn gap<'a>(text: &'a str, one: &Piece, next: &Piece) -> Option<&'a str> {
    text.get(one.to..next.from)
}

/// How many pieces from the first on hang together by single marks, as in `cas-ino`.
fn compound(text: &str, pieces: &[Piece]) -> usize {
    let hangs = |pair: &[Piece]| match pair {
        [one, next] => gap(text, one, next).is_some_and(|gap| {
            let mut marks = gap.chars();
            let is_mark = |mark: char| ".-_*·•~|/+".contains(mark);
            marks.next().is_some_and(is_mark) && marks.next().is_none()
        }),
        _ => false,
    };
    1 + pieces.windows(2).take_while(|pair| hangs(pair)).count()
}

/// How many pieces from the first on are single letters with one and the same gap between them.
fn spelled(text: &str, pieces: &[Piece]) -> usize {
    let is_letter = |piece: &Piece| piece.text.chars().count() == 1;
    let mut gaps = None;
    let goes_on = |pair: &&[Piece]| match pair {
        [one, next] if is_letter(one) && is_letter(next) => {
            let between = gap(text, one, next).unwrap_or_default();
            let same = *gaps.get_or_insert(between) == between;
            same && !between.is_empty() && between.len() <= SPELLED_GAP && !between.contains('\n')
        }
        _ => false,
    };
    1 + pieces.windows(2).take_while(goes_on).count()
}

fn words_of(text: &str) -> Vec<String> {
    pieces(text).map(|piece| shape(&piece.text)).collect()
}

/// A word as it looks. One that mixes Latin letters with others is read in Latin; a word of another script stays itself.
fn shape(word: &str) -> String {
    let mixes = word.chars().any(|letter| letter.is_ascii_alphanumeric());
    if mixes && !is_foreign(word) {
        latin(word)
    } else {
        word.to_owned()
    }
}

/// Whether a word has a letter without a Latin shape.
fn is_foreign(word: &str) -> bool {
    let looks_latin = |letter: char| letter.is_ascii() || latin_shape(letter).is_some();
    !word.chars().all(looks_latin)
}

fn latin(word: &str) -> String {
    let mut shaped = String::with_capacity(word.len());
    for letter in word.chars() {
        match latin_shape(letter) {
            Some(shape) => shaped.push_str(shape),
            None => shaped.push(letter),
        }
    }
    shaped
}

#[cfg(test)]
mod tests;
