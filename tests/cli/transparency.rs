//! `rejoinder transparency`

use crate::program::Folder;

#[test]
fn figures_are_written_for_days_and_months_of_the_sites_zone() {
    let folder = Folder::new();
    folder.write("rejoinder.toml", "[site]\ntime_zone = \"Europe/Berlin\"\n");
    let run = folder.run(&["transparency", "--from", "2026-03", "--to", "2026-04-10"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with(
        "section,figure,detail,value\r\nperiod,from,,2026-03-01\r\nperiod,to,,2026-04-10\r\n"
    ));
    assert!(run.out.contains("comments,received,,0\r\n"));
    let run = folder.run(&[
        "transparency",
        "--from",
        "2026-03",
        "--to",
        "2026-03",
        "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["to"], "2026-03-31");
    assert_eq!(json["time_zone"], "Europe/Berlin");
    assert_eq!(json["comments"]["received"], 0);
    let run = folder.run(&["transparency", "--format", "html"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("<!doctype html>"));
    assert!(run.out.contains("href=\"data:text/css;"));
}

#[test]
fn wrong_dates_are_wrong_use() {
    let folder = Folder::new();
    for arguments in [
        ["transparency", "--from", "yesterday"],
        ["transparency", "--to", "2026-02-30"],
        ["transparency", "--from", "2026-13"],
        ["transparency", "--format", "xml"],
    ] {
        let run = folder.run(&arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.out.is_empty() && !run.err.is_empty());
    }
    let run = folder.run(&["transparency", "--from", "2026-05-02", "--to", "2026-05-01"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--to is before --from"), "{}", run.err);
}
