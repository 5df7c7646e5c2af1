use super::*;
use crate::store::authors::Record;
use crate::views::fixtures;

#[test]
fn a_hold_reason_is_a_sentence_with_its_numbers() {
    let site = fixtures::site();
    let dates = Dates::new(&site, fixtures::AT);
    let say = |why| reason(site.phrases, &dates, &why, Role::Admin);
    assert_eq!(
        say(HoldReason::Links { count: 3, limit: 2 }),
        "contains 3 links; the limit is 2"
    );
    assert_eq!(
        say(HoldReason::Links { count: 1, limit: 0 }),
        "contains 1 link; the limit is 0"
    );
    let name = "Dana Whitlock".to_owned();
    assert_eq!(
        say(HoldReason::StaffName { name }),
        "the name is like that of Dana Whitlock, a moderator"
    );
    assert_eq!(
        say(HoldReason::ThreadName),
        "the name is like that of another author in this thread"
    );
}

#[test]
fn an_authors_record_is_counted_and_a_typed_email_proves_nothing() {
    let site = fixtures::site();
    let dates = Dates::new(&site, fixtures::AT);
    let say = |known| author(site.phrases, &dates, known);
    let record = Record {
        approved: 1_200,
        rejected: 1,
        spam: 0,
        first_seen: fixtures::AT,
        trusted: false,
    };
    let recognised = |record| say(Some(Acquaintance::Recognised(record)));
    assert_eq!(
        recognised(record),
        "Recognised: 1,200 approved, 1 rejected, first seen 12 May"
    );
    assert_eq!(
        recognised(Record { spam: 2, ..record }),
        "Recognised: 1,200 approved, 1 rejected, 2 marked as spam, first seen 12 May"
    );
    let typed = |approved| say(Some(Acquaintance::SameEmail { approved }));
    assert_eq!(
        typed(12),
        "Same e-mail as an author with 12 approved comments, unconfirmed"
    );
    assert_eq!(
        typed(1),
        "Same e-mail as an author with 1 approved comment, unconfirmed"
    );
    assert_eq!(
        typed(0),
        "Same e-mail as an author without an approved comment, unconfirmed"
    );
    assert_eq!(
        say(Some(Acquaintance::None)),
        "Not recognised: no record here"
    );
    assert_eq!(say(None), "");
}
