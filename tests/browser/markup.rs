//! Every page is valid HTML, and its style valid CSS.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::catalogue::Catalogue;
use crate::support::skip;
use tempfile::TempDir;

fn vnu() -> Option<PathBuf> {
    let path = std::env::var_os("REJOINDER_TEST_VNU").map_or_else(
        || {
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .join("target/tools/node_modules/vnu-jar/build/dist/vnu.jar")
        },
        PathBuf::from,
    );
    path.exists().then_some(path)
}

#[test]
fn every_page_and_style_is_valid() {
    let Some(vnu) = vnu() else {
        return skip("vnu: neither REJOINDER_TEST_VNU nor target/tools has it");
    };
    if Command::new("java").arg("-version").output().is_err() {
        return skip("vnu: there is no Java");
    }
    // Not a hidden folder: vnu passes those over.
    let folder = TempDir::with_prefix("pages").unwrap();
    let statics = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    for style in ["app.css", "desk.css"] {
        std::fs::copy(statics.join(style), folder.path().join(style)).unwrap();
    }
    for sight in Catalogue::new().sights {
        let page = sight.fetch();
        assert_eq!(page.status, sight.status, "{}", sight.name);
        let file = folder.path().join(format!("{}.html", sight.name));
        std::fs::write(file, page.body).unwrap();
    }
    let answer = Command::new("java")
        .args(["-Xss4m", "-jar"])
        .arg(vnu)
        .args(["--errors-only", "--also-check-css", "--format", "json"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(answer.stderr).unwrap();
    let report: serde_json::Value = serde_json::from_str(&said).expect(&said);
    let errors: Vec<String> = report["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| {
            let file = message["url"].as_str().unwrap_or_default();
            let page = file.rsplit('/').next().unwrap_or_default();
            format!("{page}: {} near {}", message["message"], message["extract"])
        })
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(answer.status.success(), "{said}");
}
