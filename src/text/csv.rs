//! Lines of comma-separated values, as RFC 4180 has them, in which no spreadsheet finds a formula.

/// What a spreadsheet would take for the beginning of a formula, or would skip to find one; in wide letters too.
const FORMULA: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠',
];

/// One line, its end included. A value that a spreadsheet would compute is led by an apostrophe; numbers of ours never are
/// negative.
pub fn csv_line(values: &[&str]) -> String {
    let mut line = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        let guard = if value.starts_with(FORMULA) { "'" } else { "" };
        if value.contains([',', '"', '\r', '\n']) {
            line.push('"');
            line.push_str(guard);
            line.push_str(&value.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(guard);
            line.push_str(value);
        }
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_and_never_a_formula() {
        for (values, line) in [
            (vec!["a", "", "b c"], "a,,b c\r\n"),
            (
                vec!["a,b", "say \"x\"", "two\nlines"],
                "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n",
            ),
            (vec!["=1+1", "+1", "-1", "@x"], "'=1+1,'+1,'-1,'@x\r\n"),
            (
                vec!["\tx", "\rx", "=\"a\""],
                "'\tx,\"'\rx\",\"'=\"\"a\"\"\"\r\n",
            ),
            (vec!["＝1+1", "＠x", "\n=1"], "'＝1+1,'＠x,\"'\n=1\"\r\n"),
            (vec!["1=1", " =1"], "1=1, =1\r\n"),
        ] {
            assert_eq!(csv_line(&values), line);
        }
    }
}
