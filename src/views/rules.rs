//! The house rules, numbered: every reason anywhere links to `/rules#rule-N`.

use askama::Template;

use super::frame::Frame;
use super::{Site, render};
use crate::store::rules::Rule;

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage<'a> {
    page: Frame<'a>,
    rules: &'a [Rule],
}

/// The rules in their order, and who decides by them.
pub fn page(site: &Site, rules: &[Rule]) -> String {
    render(&RulesPage {
        page: Frame::public(site, &site.phrases.say("house-rules")).at("/rules".to_owned()),
        rules,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::fixtures::{self, HOSTILE, assert_page, texts};

    #[test]
    fn each_rule_has_its_number_and_its_place() {
        let mut rules = fixtures::rules();
        rules[1].text = HOSTILE.into();
        let html = page(&fixtures::site(), &rules);
        assert_page(&html);
        assert_eq!(
            texts(&html, "#rule-1"),
            ["Personal attack. Leave the person alone."]
        );
        assert_eq!(fixtures::attributes(&html, "#rule-4", "value"), ["4"]);
        assert!(texts(&html, "#rule-4")[0].ends_with(HOSTILE));
    }
}
