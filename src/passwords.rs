//! Argon2id, at the parameters OWASP gives: m = 19,456 KiB, t = 2, p = 1. Slow on purpose: never on an event loop.

use std::sync::LazyLock;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Bytes of a salt and of a hash.
const SALT: usize = 16;
const HASH: usize = 32;

#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

/// Room for so many blocks is asked for, which is more than 32 MiB: that much glibc asks the system for each time, and gives it back
/// whole; less it would keep (mallopt(3), M_MMAP_THRESHOLD). Room that is not used takes no memory.
const ROOM: usize = 33 * 1_024 * 1_024 / Block::SIZE;

fn compute(password: &str, salt: &[u8], params: &Params) -> argon2::Result<[u8; HASH]> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut hash = [0; HASH];
    let mut memory = Vec::with_capacity(ROOM.max(params.block_count()));
    memory.resize(params.block_count(), Block::new());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, &mut memory)?;
    Ok(hash)
}

/// The PHC string of a password under a fresh salt.
///
/// # Errors
/// When the system has no randomness to give.
pub fn hash(password: &str) -> Result<String, HashError> {
    let wrong = |error: &dyn std::fmt::Display| HashError(error.to_string());
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| wrong(&error))?;
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt).map_err(|error| wrong(&error))?;
    let hash = compute(password, &salt, &params).map_err(|error| wrong(&error))?;
    let whole = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| wrong(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| wrong(&error))?),
        hash: Some(Output::new(&hash).map_err(|error| wrong(&error))?),
    };
    Ok(whole.to_string())
}

/// Whether a password belongs to a hash. `None` stands for an account that does not exist: it costs the same time and is
/// never right.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| self::hash("nobody has this password").unwrap_or_default());
    let known = hash.unwrap_or(&NOBODY);
    fits(password, known).unwrap_or(false) && hash.is_some()
}

/// `None` for what is no hash of ours.
fn fits(password: &str, known: &str) -> Option<bool> {
    let parsed = PasswordHash::new(known).ok()?;
    let (salt, wanted) = (parsed.salt?, parsed.hash?);
    if parsed.algorithm != Algorithm::Argon2id.ident() {
        return None;
    }
    let params = Params::try_from(&parsed.params).ok()?;
    let hash = compute(password, &salt, &params).ok()?;
    Some(hash.ct_eq(wanted.as_bytes()).into())
}

/// Makes the first unknown name cost no more than the next.
pub fn warm_up() {
    verify("", None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = hash("wet gravel, slow bell").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("wet gravel, slow bell", Some(&hash)));
        assert!(!verify("wet gravel, slow bel", Some(&hash)));
        assert!(!verify("nobody has this password", None));
        assert!(!verify("", Some("not a hash")));
        assert!(!verify("", Some(&hash.replace("argon2id", "argon2d"))));
    }

    #[test]
    fn a_hash_is_what_argon2_makes_of_it_and_no_two_are_alike() {
        use argon2::password_hash::PasswordVerifier;
        let (one, other) = (hash("wet gravel").unwrap(), hash("wet gravel").unwrap());
        assert_ne!(one, other);
        let by_the_book = Argon2::default().verify_password(b"wet gravel", one.as_str());
        assert!(by_the_book.is_ok());
        // One that was stored before.
        let stored = "$argon2id$v=19$m=19456,t=2,p=1$mffarawEnJ96vTDDc7mStw$cqMjReMCvfAcz0YkLWjxJuFlULrzzIFTf5cPpllo5EE";
        assert!(verify("wet gravel, slow bell", Some(stored)));
    }
}
