//! Plain text as HTML.

use super::html_tags::push_escaped;
use super::safe_html::SafeHtml;

/// Plain text as HTML: blank lines part paragraphs, other line breaks are shown, and every
/// character stays as it is.
pub fn paragraphs(text: &str) -> SafeHtml {
    let mut html = String::with_capacity(text.len() + 64);
    let mut open = false;
    for line in text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
    {
        if line.trim().is_empty() {
            if open {
                html.push_str("</p>\n");
            }
            open = false;
            continue;
        }
        html.push_str(if open { "<br>\n" } else { "<p>" });
        push_escaped(&mut html, line);
        open = true;
    }
    if open {
        html.push_str("</p>\n");
    }
    SafeHtml::made(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs_and_line_breaks_stay() {
        assert_eq!(
            paragraphs("\n\nOne\r\ntwo\n \t\n\nThree").as_str(),
            "<p>One<br>\ntwo</p>\n<p>Three</p>\n"
        );
        assert_eq!(paragraphs(" \n").as_str(), "");
    }

    #[test]
    fn every_character_stays() {
        let line = "“Curly” ‘quotes’… e\u{301}té\u{a0}\"it's\"  two  spaces";
        assert_eq!(paragraphs(line).as_str(), format!("<p>{line}</p>\n"));
        assert_eq!(
            paragraphs("a <b> & c").as_str(),
            "<p>a &lt;b&gt; &amp; c</p>\n"
        );
    }
}
