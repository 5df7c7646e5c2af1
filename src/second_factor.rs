//! One-time codes by RFC 6238 as every authenticator app makes them: SHA-1, six digits, thirty seconds. And recovery codes.

use totp_rs::{Algorithm, Builder, Secret, Totp};

/// Bytes of a secret: as many as SHA-1 has.
pub const SECRET_BYTES: usize = 20;
/// Steps that a clock may be off, either way.
const DRIFT: u16 = 1;
/// Seconds of a step.
const STEP: u64 = 30;
/// Recovery codes that are made at once.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits that nobody takes for each other.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn builder(secret: &[u8]) -> Builder {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(DRIFT)
        .with_step_duration(STEP)
        .with_secret(Secret::from(secret))
}

/// The time step whose code this is, at a moment in milliseconds; `None` when it is wrong. Taking each step once is up to
/// the database.
pub fn step(secret: &[u8], code: &str, now: i64) -> Option<i64> {
    let totp: Totp = builder(secret).build().ok()?;
    let seconds = u64::try_from(now.div_euclid(1_000)).ok()?;
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    i64::try_from(totp.check(code, seconds)?).ok()
}

/// The address that an app reads from a picture. `None` only for a secret of another length.
pub fn address(secret: &[u8], issuer: &str, account: &str) -> Option<String> {
    // A colon parts the two.
    let plain = |name: &str| name.replace(':', " ");
    builder(secret)
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .ok()?
        .to_url()
        .ok()
}

/// A secret as people type it: Base32 in groups of four.
pub fn typed(secret: &[u8]) -> String {
    grouped(&Secret::from(secret).to_base32(), " ")
}

/// A code that reads well on paper, of five bits a letter: `4XKD-9M2A-…`. As many letters as bytes.
pub fn code(random: &[u8]) -> String {
    let letter = |byte: &u8| {
        LETTERS
            .get(usize::from(byte % 32))
            .map(|letter| char::from(*letter))
    };
    grouped(&random.iter().filter_map(letter).collect::<String>(), "-")
}

/// A code as it is compared: however it was typed.
pub fn plain(typed: &str) -> String {
    let kept = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-' && !('\u{2010}'..='\u{2015}').contains(c));
    kept.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    })
    .collect()
}

fn grouped(letters: &str, between: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's own table.
    const SECRET: &[u8; 20] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step(SECRET, code, seconds * 1_000), Some(seconds / 30));
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let at = |seconds: i64| step(SECRET, "287082", seconds * 1_000);
        assert_eq!(at(29), Some(1));
        assert_eq!((at(30), at(59)), (Some(1), Some(1)));
        assert_eq!((at(60), at(89)), (Some(1), Some(1)));
        assert_eq!((at(90), at(-1)), (None, None));
        for wrong in [
            "",
            "287083",
            "28708",
            "2870822",
            "28708a",
            "２８７０８２",
            "+87082",
        ] {
            assert_eq!(step(SECRET, wrong, 59_000), None, "{wrong}");
        }
        assert_eq!(step(b"", "287082", 59_000), None);
    }

    #[test]
    fn an_app_is_told_whose_code_it_is() {
        let address = address(SECRET, "The Ledger: News", "Dana Ü").unwrap();
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        let secret = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert!(address.contains(secret), "{address}");
        assert_eq!(typed(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let shown = code(&[0, 1, 31, 32, 33, 63, 64, 255]);
        assert_eq!(shown, "01Z0-1Z0Z");
        assert_eq!(plain(&shown), "01Z01Z0Z");
        assert_eq!(plain(" oiz0 – lz0z\n"), "01Z01Z0Z");
        assert_eq!(plain("287 082"), "287082");
    }
}
