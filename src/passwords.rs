//! Argon2id, at the parameters OWASP gives: m = 19,456 KiB, t = 2, p = 1. Slow on purpose: never on an event loop.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(String);

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| HashError(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string of a password under a fresh salt.
///
/// # Errors
/// When the system has no randomness or memory to give.
pub fn hash(password: &str) -> Result<String, HashError> {
    argon2()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| HashError(error.to_string()))
}

/// Whether a password belongs to a hash. `None` stands for an account that does not exist: it costs the same time and is
/// never right.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| self::hash("nobody has this password").unwrap_or_default());
    let known = hash.unwrap_or(&NOBODY);
    let right = PasswordHash::new(known)
        .ok()
        .zip(argon2().ok())
        .is_some_and(|(parsed, argon2)| {
            argon2.verify_password(password.as_bytes(), &parsed).is_ok()
        });
    right && hash.is_some()
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
    }
}
