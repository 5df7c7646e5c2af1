//! What a password of the desk must be.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Unicode scalar values at least.
pub const MIN_LENGTH: usize = 12;
/// Bytes at most: longer ones are refused before any hashing.
pub const MAX_BYTES: usize = 1_024;

/// The 3,000 commonest passwords, most used first: the head of the list that Django ships, by R. Williams from Have I Been Pwned.
const COMMONEST: &str = include_str!("common_passwords.txt");

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMONEST.lines().collect());

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {MIN_LENGTH} characters")]
    Short,
    #[error("a password has at most {MAX_BYTES} bytes")]
    Long,
    #[error("this password is among the 3,000 commonest; choose another")]
    Common,
    #[error("a password is not one character over and over")]
    Monotonous,
}

/// # Errors
/// Says which rule the password breaks.
pub fn check(password: &str) -> Result<(), WeakPassword> {
    if password.len() > MAX_BYTES {
        return Err(WeakPassword::Long);
    }
    if password.chars().count() < MIN_LENGTH {
        return Err(WeakPassword::Short);
    }
    if COMMON.contains(password.to_lowercase().as_str()) {
        return Err(WeakPassword::Common);
    }
    let mut characters = password.chars();
    let first = characters.next();
    if characters.all(|c| Some(c) == first) {
        return Err(WeakPassword::Monotonous);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged_by_length_and_commonness() {
        assert_eq!(check("short"), Err(WeakPassword::Short));
        assert_eq!(check("Qwerty123456"), Err(WeakPassword::Common));
        assert_eq!(check(&"z".repeat(30)), Err(WeakPassword::Monotonous));
        assert_eq!(check(&"zy".repeat(513)), Err(WeakPassword::Long));
        assert_eq!(check(&"zy".repeat(512)), Ok(()));
        assert_eq!(check("wet gravel, slow bell"), Ok(()));
        assert_eq!(COMMONEST.lines().count(), 3_000);
    }
}
