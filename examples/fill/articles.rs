//! The articles, and which of them a comment belongs to.

use rejoinder::store::articles::{self, NewArticle};
use rejoinder::store::{self, Db, token};
use rejoinder::text;
use rejoinder::time::{HOUR, Timestamp};

use super::Plan;
use super::random::Random;
use super::scripts::SCRIPTS;
use super::shape::SPAN;
use super::words;

const SECTIONS: [&str; 6] = ["News", "City", "Culture", "Science", "Sport", "Opinion"];
const BYLINES: [&str; 6] = [
    "Ines Falk",
    "Tom Abara",
    "Lena Moor",
    "Yusuf Demir",
    "Ruth Okoye",
    "Jan Wisse",
];

/// An article about to be made.
pub struct Story {
    pub slug: String,
    pub published_at: i64,
    /// How many of the comments are its own.
    pub comments: usize,
    named: bool,
}

/// The articles of a plan, the oldest first; the one with a number of its own comes first of all.
pub fn stories(plan: &Plan) -> Vec<Story> {
    let start = plan.until.0 - SPAN;
    let mut stories = Vec::new();
    let mut left = plan.comments;
    if let Some((slug, count)) = &plan.one_article {
        let own = (*count).min(left);
        left -= own;
        stories.push(Story {
            slug: slug.clone(),
            published_at: start,
            comments: own,
            named: true,
        });
    }
    let needed = usize::from(left > 0 || stories.is_empty());
    let ordinary = plan.articles.max(needed);
    let mut random = Random::of(plan.seed, 1, 0);
    // Which of them are read by many has nothing to do with when they came out.
    let mut ranks: Vec<usize> = (0..ordinary).collect();
    for at in (1..ordinary).rev() {
        ranks.swap(at, random.below(at + 1));
    }
    let weights: Vec<f64> = ranks
        .iter()
        .map(|rank| 1.0 / (*rank as f64 + 2.0).powf(1.1))
        .collect();
    let total: f64 = weights.iter().sum();
    let (mut passed, mut given) = (0.0, 0);
    for (at, weight) in weights.iter().enumerate() {
        passed += weight;
        let up_to = match at + 1 == ordinary {
            true => left,
            false => ((passed / total * left as f64).round() as usize).min(left),
        };
        // The last one came out a day and a half before the end, so that it has comments too.
        let age = (SPAN - 36 * HOUR) as f64 * at as f64 / ordinary as f64;
        stories.push(Story {
            slug: format!(
                "{}-{}-{at}",
                text::slugify(&words::title(&mut random, 4)),
                plan.seed
            ),
            published_at: start + age as i64,
            comments: up_to - given,
            named: false,
        });
        given = up_to;
    }
    stories
}

/// Makes the articles, and says their ids. One that is there is left as it is.
pub fn store(db: &mut Db, plan: &Plan, stories: &[Story]) -> store::Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(stories.len());
    for (number, story) in stories.iter().enumerate() {
        let known = articles::find(db, &story.slug)?;
        if known.is_none() {
            let article = article(plan, number, story);
            articles::seed(db, &article, Timestamp(story.published_at))?;
        }
        ids.push(super::tables::article_id(db, &story.slug)?);
    }
    Ok(ids)
}

fn article(plan: &Plan, number: usize, story: &Story) -> NewArticle {
    let mut random = Random::of(plan.seed, 2, number as u64);
    let title_words = 4 + random.below(6);
    let title = words::title(&mut random, title_words);
    let mut body = String::new();
    for _ in 0..3 + random.below(8) {
        let length = 40 + random.below(60);
        body.push_str(&words::plain(&mut random, &SCRIPTS[0], length));
        body.push_str("\n\n");
    }
    NewArticle {
        slug: story.slug.clone(),
        aliases: Vec::new(),
        section: random.pick(&SECTIONS).to_owned(),
        summary: words::plain(&mut random, &SCRIPTS[0], 18),
        byline: random.pick(&BYLINES).to_owned(),
        body_html: text::article(&body).as_str().to_owned(),
        digest: token::digest(&[story.slug.as_bytes(), title.as_bytes(), body.as_bytes()]),
        title,
        published_at: Some(Timestamp(story.published_at)),
        updated_at: None,
        open: Some(true),
        view_count: (story.comments * (20 + random.below(60))) as i64,
    }
}
