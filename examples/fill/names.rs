//! People: what they type beside their words, and where they come from.

use rejoinder::store::token;

use super::random::Random;
use super::scripts::Script;
use super::words;

/// Somebody who writes comments.
pub struct Person {
    pub script: &'static Script,
    pub name: String,
    /// May be empty, as may the website.
    pub email: String,
    pub website: String,
    /// A keyed hash, as the product has it.
    pub network: Vec<u8>,
    /// `203.0.113.0/24`.
    pub shortened: String,
}

/// People without a token on their device, of whom everybody writes a few comments.
const STRANGERS: u64 = 3_000_000;

/// A recognised author, who is the same in every comment.
pub fn author(seed: u64, number: u64) -> Person {
    person(seed, Random::of(seed, 11, number))
}

/// Somebody who is not recognised.
pub fn stranger(seed: u64, random: &mut Random) -> Person {
    person(seed, Random::of(seed, 12, random.next() % STRANGERS))
}

fn person(seed: u64, mut random: Random) -> Person {
    let script = words::script(&mut random);
    let first = random.pick(script.first_names);
    let last = random.pick(script.last_names);
    let number = random.below(10_000);
    let initial = last.chars().next().unwrap_or('X');
    let name = match random.below(10) {
        0..5 if script.space.is_empty() => format!("{last}{first}"),
        0..5 => format!("{first} {last}"),
        5..7 => format!("{first} {initial}."),
        7..9 => format!("{first}{number}"),
        _ => first.to_owned(),
    };
    let email = match random.below(10) {
        0..3 => format!("reader{}@example.org", random.below(5_000_000)),
        3 => format!("Reader.{}@Example.com", random.below(5_000_000)),
        _ => String::new(),
    };
    let website = match random.chance(0.03) {
        true => format!("https://{number}.example/"),
        false => String::new(),
    };
    let (a, b, c, d) = (
        1 + random.below(220),
        random.below(256),
        random.below(256),
        random.below(256),
    );
    Person {
        script,
        name,
        email,
        website,
        network: token::digest(&[&seed.to_be_bytes(), &[a as u8, b as u8, c as u8, d as u8]]),
        shortened: format!("{a}.{b}.{c}.0/24"),
    }
}
