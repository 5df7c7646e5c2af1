//! Texts of comments, the same again for the same number.

const WORDS: [&str; 64] = [
    "the",
    "ferry",
    "harbour",
    "is",
    "not",
    "what",
    "people",
    "want",
    "in",
    "winter",
    "and",
    "nobody",
    "on",
    "council",
    "asked",
    "them",
    "before",
    "price",
    "of",
    "a",
    "ticket",
    "went",
    "up",
    "twice",
    "last",
    "year",
    "my",
    "neighbour",
    "takes",
    "it",
    "every",
    "morning",
    "to",
    "school",
    "with",
    "two",
    "children",
    "who",
    "would",
    "have",
    "walk",
    "round",
    "bridge",
    "which",
    "has",
    "been",
    "closed",
    "since",
    "storm",
    "that",
    "they",
    "said",
    "could",
    "never",
    "happen",
    "again",
    "here",
    "we",
    "are",
    "still",
    "waiting",
    "for",
    "an",
    "answer",
];

const NAMES: [&str; 12] = [
    "Ama",
    "Björn",
    "Clara Ellis",
    "D. Fraser",
    "Emil",
    "Grace Okafor",
    "Hugh",
    "Iris N.",
    "Kwame",
    "Ludmila",
    "Noor",
    "Priya",
];

/// Numbers that look drawn (splitmix64).
pub struct Drawn(pub u64);

impl Drawn {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A text of ten to seventy words, told from all others by its number.
pub fn comment(number: u64) -> String {
    let mut drawn = Drawn(number);
    let mut text = String::with_capacity(400);
    for at in 0..10 + drawn.below(60) {
        if at > 0 {
            text.push_str(if at % 13 == 0 { ". " } else { " " });
        }
        text.push_str(WORDS[drawn.below(WORDS.len())]);
    }
    text.push_str(&format!(" ({number})."));
    text
}

pub fn name(number: u64) -> String {
    NAMES[(number % NAMES.len() as u64) as usize].to_owned()
}
