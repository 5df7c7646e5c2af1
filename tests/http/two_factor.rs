//! Two-factor sign-in: set up, asked for, taken once, turned off.

use rejoinder::time::{SECOND, Timestamp};
use totp_rs::{Builder, Secret};

use crate::auditing::{LOG, sentences};
use crate::desk::{admin, post};
use crate::support::{Client, Engine, PASSWORD, Page, Server, on_each_engine};

const ACCOUNT: &str = "/moderation/account";
const SET_UP: &str = "/moderation/account/two-factor";
/// Of a time step.
const STEP: i64 = 30 * SECOND;

/// What an authenticator app shows at this moment.
pub fn code(secret: &str, at: Timestamp) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    app.generate(u64::try_from(at.0 / 1_000).unwrap())
        .to_string()
}

/// A code that is none of those around this moment.
pub fn wrong_code(secret: &str, at: Timestamp) -> String {
    let near: Vec<_> = (-2..=2).map(|n| code(secret, at.plus(n * STEP))).collect();
    let candidates = ["000000", "111111", "222222", "333333", "444444", "555555"];
    let wrong = candidates
        .iter()
        .find(|code| !near.contains(&(*code).to_string()));
    (*wrong.unwrap()).to_owned()
}

/// Sets it up; says the secret and the recovery codes. The clock goes on to the next code.
pub fn set_up(server: &Server, moderator: &Client) -> (String, Vec<String>) {
    let answer = post(moderator, SET_UP, &[("do", "propose")]);
    assert_eq!(answer.location(), SET_UP);
    let secret = moderator.get(SET_UP).only(".once");
    let fields = [("do", "confirm"), ("code", &*code(&secret, server.now()))];
    let shown = post(moderator, SET_UP, &fields);
    assert_eq!(shown.status, 200, "{}", shown.text());
    server.clock.advance(STEP);
    (secret, shown.texts(".once li"))
}

/// Gives the password, and the code that is asked for.
fn sign_in_with(client: &Client, name: &str, typed: &str) -> Page {
    let owes = client.sign_in(name, PASSWORD);
    assert_eq!(
        (owes.status, owes.location().as_str()),
        (303, "/login/code?next=%2Fmoderation")
    );
    client.post("/login/code", &[("code", typed), ("next", "/moderation")])
}

pub fn is_in(client: &Client) -> bool {
    client.get("/moderation").status == 200
}

/// A server on which nobody is kept waiting.
pub fn patient(engine: Engine) -> Server {
    Server::with(engine, &[("login.per_minute", "100")])
}

#[test]
fn it_is_set_up_with_a_first_code_and_asked_for_from_then_on() {
    on_each_engine(|engine| {
        let server = Server::start(engine);
        let dana = server.moderator("Dana");
        assert!(dana.get(ACCOUNT).text().contains("It is off."));
        assert_eq!(dana.get(SET_UP).location(), ACCOUNT);
        post(&dana, SET_UP, &[("do", "propose")]);
        let page = dana.get(SET_UP);
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(
            page.attribute("svg[role=img]", "aria-label"),
            "QR code for an authenticator app"
        );
        assert_eq!(
            page.attributes("svg[role=img] path", "fill"),
            ["#fff", "#000"]
        );
        let secret = page.only(".once");
        assert_eq!(secret.replace(' ', "").len(), 32);
        // Until a first code was right it is only a proposal.
        assert_eq!(
            server.visitor().sign_in("Dana", PASSWORD).location(),
            "/moderation"
        );
        let wrong = wrong_code(&secret, server.now());
        let refused = post(&dana, SET_UP, &[("do", "confirm"), ("code", &wrong)]);
        assert_eq!(refused.status, 422);
        assert_eq!(refused.attributes("[role=alert] a", "href"), ["#code"]);
        assert_eq!(refused.only(".once"), secret, "the secret stays the same");
        let first = code(&secret, server.now());
        let shown = post(&dana, SET_UP, &[("do", "confirm"), ("code", &first)]);
        assert_eq!(shown.only("h1"), "Your recovery codes");
        assert_eq!(shown.header("cache-control"), Some("no-store"));
        let codes = shown.texts(".once li");
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|code| code.len() == 19), "{codes:?}");
        for code in &codes {
            assert!(!server.holds(code) && !server.holds(&code.replace('-', "")));
        }
        assert!(
            dana.get(ACCOUNT)
                .text()
                .contains("10 recovery codes are left.")
        );
        assert_eq!(
            dana.get(SET_UP).status,
            303,
            "the secret is never shown again"
        );
        assert_eq!(post(&dana, SET_UP, &[("do", "propose")]).location(), SET_UP);
        assert_eq!(dana.get(SET_UP).location(), ACCOUNT);

        server.clock.advance(STEP);
        let phone = server.visitor();
        let door = phone.get("/moderation?tab=spam");
        let next = phone.get(&door.location()).value("[name=next]");
        let fields = [("name", "Dana"), ("password", PASSWORD), ("next", &*next)];
        let owes = phone.post("/login", &fields);
        assert_eq!(
            owes.location(),
            "/login/code?next=%2Fmoderation%3Ftab%3Dspam"
        );
        let cookie = owes.header("set-cookie").unwrap().to_owned();
        for part in ["sign-in=", "HttpOnly", "SameSite=Strict", "Max-Age=300"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(phone.cookie("session"), None);
        assert!(!is_in(&phone));
        let asked = phone.get(&owes.location());
        assert_eq!(
            (asked.status, asked.only("h1").as_str()),
            (200, "Enter a code")
        );
        assert_eq!(asked.header("cache-control"), Some("no-store"));
        assert_eq!(asked.value("[name=next]"), "/moderation?tab=spam");
        let wrong = wrong_code(&secret, server.now());
        let refused = phone.post("/login/code", &[("code", &wrong), ("next", &next)]);
        assert_eq!(refused.status, 422);
        assert!(
            refused
                .only("[role=alert] p")
                .starts_with("The code does not match")
        );
        assert_eq!(refused.value("[name=next]"), "/moderation?tab=spam");
        assert!(!is_in(&phone));
        let right = code(&secret, server.now());
        // As some apps show it.
        let spaced = format!("{} {}", &right[..3], &right[3..]);
        let inside = phone.post("/login/code", &[("code", &spaced), ("next", &next)]);
        assert_eq!(inside.location(), "/moderation?tab=spam");
        assert_eq!(phone.cookie("sign-in"), None);
        assert!(is_in(&phone));
        assert_eq!(
            sentences(&dana.get(LOG))[..2],
            [
                "Dana signed in with a code",
                "Dana turned two-factor sign-in on"
            ]
        );
    });
}

#[test]
fn a_code_is_taken_once_and_none_before_it_afterwards() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let (secret, _) = set_up(&server, &server.moderator("Dana"));
        let now = server.now();
        let (earlier, this, later) = (now.plus(-STEP), now, now.plus(STEP));
        let client = server.visitor();
        // The one by which it was turned on is spent too.
        assert_eq!(
            sign_in_with(&client, "Dana", &code(&secret, earlier)).status,
            422
        );
        assert_eq!(
            sign_in_with(&client, "Dana", &code(&secret, this)).status,
            303
        );
        let other = server.visitor();
        assert_eq!(
            sign_in_with(&other, "Dana", &code(&secret, this)).status,
            422
        );
        assert_eq!(
            sign_in_with(&other, "Dana", &code(&secret, later)).status,
            303
        );
        server.clock.advance(STEP);
        for spent in [this, later] {
            assert_eq!(
                sign_in_with(&server.visitor(), "Dana", &code(&secret, spent)).status,
                422
            );
        }
        let far = server.now().plus(2 * STEP + SECOND);
        assert_eq!(
            sign_in_with(&server.visitor(), "Dana", &code(&secret, far)).status,
            422
        );
    });
}

#[test]
fn a_recovery_code_lets_in_once_and_new_ones_void_the_old() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let dana = server.moderator("Dana");
        let (secret, codes) = set_up(&server, &dana);
        let ed = server.moderator("Ed");
        let (_, foreign) = set_up(&server, &ed);
        let sloppy = codes[0].to_lowercase().replace('-', " ");
        let client = server.visitor();
        assert_eq!(sign_in_with(&client, "Dana", &sloppy).status, 303);
        assert!(is_in(&client));
        for spent in [&codes[0], &foreign[1], &"0000-0000-0000-0000".to_owned()] {
            assert_eq!(
                sign_in_with(&server.visitor(), "Dana", spent).status,
                422,
                "{spent}"
            );
        }
        assert!(
            dana.get(ACCOUNT)
                .text()
                .contains("9 recovery codes are left.")
        );
        assert_eq!(
            sentences(&dana.get(LOG))[..2],
            [
                "Dana signed in with a recovery code",
                "Dana used a recovery code; 9 are left"
            ]
        );
        let anew = |password: &str, typed: &str| {
            let fields = [("do", "codes"), ("password", password), ("code", typed)];
            post(&dana, SET_UP, &fields)
        };
        let this = code(&secret, server.now());
        for (password, typed) in [
            ("not her password", &*this),
            (PASSWORD, "000"),
            (PASSWORD, ""),
        ] {
            let refused = anew(password, typed);
            assert_eq!(refused.status, 422, "{password} {typed}");
            assert_eq!(refused.count(".once"), 0);
            assert!(refused.only("[role=alert]").contains("does not match"));
        }
        let new = anew(PASSWORD, &this).texts(".once li");
        assert_eq!(new.len(), 10);
        assert_eq!(
            sign_in_with(&server.visitor(), "Dana", &codes[1]).status,
            422
        );
        assert_eq!(sign_in_with(&server.visitor(), "Dana", &new[0]).status, 303);
    });
}

#[test]
fn it_is_turned_off_with_password_and_code_or_by_an_admin() {
    on_each_engine(|engine| {
        let server = patient(engine);
        let (dana, priya) = (server.moderator("Dana"), admin(&server, "Priya"));
        let (secret, codes) = set_up(&server, &dana);
        let off = |password: &str, typed: &str| {
            let fields = [("do", "off"), ("password", password), ("code", typed)];
            post(&dana, SET_UP, &fields)
        };
        let this = code(&secret, server.now());
        assert_eq!(off("not her password", &this).status, 422);
        assert_eq!(
            off(PASSWORD, &wrong_code(&secret, server.now())).status,
            422
        );
        let done = off(PASSWORD, &this);
        assert_eq!(
            dana.get(&done.location()).only(".toast"),
            "Two-factor sign-in is off."
        );
        assert_eq!(
            server.visitor().sign_in("Dana", PASSWORD).location(),
            "/moderation"
        );
        assert_eq!(
            off(PASSWORD, &codes[0]).status,
            422,
            "there is nothing to turn off"
        );

        server.clock.advance(STEP);
        let (again, _) = set_up(&server, &dana);
        assert_ne!(again, secret);
        // Somebody who has given the password when it goes off begins again.
        let midway = server.visitor();
        midway.sign_in("Dana", PASSWORD);
        let people = priya.get("/moderation/people");
        let form = people.attribute("form:has([value=two-factor])", "action");
        let reset = post(&priya, &form, &[("do", "two-factor")]);
        assert_eq!(
            priya.get(&reset.location()).only(".toast"),
            "Two-factor sign-in is off: Dana."
        );
        let typed = code(&again, server.now());
        let late = midway.post("/login/code", &[("code", &typed)]);
        assert_eq!(late.location(), "/login?again&next=%2Fmoderation");
        assert_eq!(
            server.visitor().sign_in("Dana", PASSWORD).location(),
            "/moderation"
        );
        assert!(
            sentences(&priya.get(LOG))
                .contains(&"Priya turned two-factor sign-in off for Dana".to_owned())
        );
    });
}
