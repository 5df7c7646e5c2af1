//! What the benchmark promises, as ratios of one run.

use super::cases::{
    BROTLI, CROWDED, DECISION, IDENTITY, KNOWN, QUEUE, RENDER, RENDER_CROWDED, REPLIES, Run, SEARCH,
};
use super::options::Engine;
use super::raw::POSTGRES_WRITERS;
use super::table::{Row, grouped};

/// Requests per second of a page from memory, to the limit.
pub const AS_THE_LIMIT: f64 = 0.9;

impl Run {
    /// The promises of the ratios, as far as their cases were run.
    pub fn goals(&mut self) {
        if self.options.smoke {
            self.table.forget_goals();
            return;
        }
        let (small, large) = (
            self.options.sizes[0],
            *self.options.sizes.last().unwrap_or(&0),
        );
        let table = &mut self.table;
        for case in [IDENTITY, BROTLI, KNOWN] {
            let ratio = table.row(case, small).and_then(Row::ratio);
            let what = format!("{case}: requests/s to the limit");
            table.at_least(&what, ratio, AS_THE_LIMIT);
        }
        let [(one, _), (many, clients), _] = REPLIES;
        let one_by_one = table.row(one, small).map(|row| row.p50() / row.limit_p50());
        table.at_most(
            &format!("{one}: its time to that of a raw insert"),
            one_by_one,
            1.5,
            "",
        );
        let batches = table.row(many, small).and_then(Row::ratio);
        let inserts = match self.options.engine {
            Engine::Sqlite => format!("in batches of {clients}"),
            Engine::Postgres => format!(
                "on {POSTGRES_WRITERS} connections in batches of {}",
                clients / POSTGRES_WRITERS
            ),
        };
        table.at_least(
            &format!("{many}: replies/s to raw inserts {inserts}"),
            batches,
            0.4,
        );
        for (case, other, goal) in [
            (IDENTITY, IDENTITY, 1.2),
            (CROWDED, IDENTITY, 1.2),
            (RENDER, RENDER, 1.2),
            (RENDER_CROWDED, RENDER, 1.2),
            (QUEUE, QUEUE, 1.5),
            (DECISION, DECISION, 1.5),
            (SEARCH, SEARCH, 1.5),
        ] {
            let what = format!(
                "{case}, {} comments: CPU to {}",
                grouped(large),
                match case == other {
                    true => grouped(small),
                    false => format!("100 on a site of {}", grouped(small)),
                }
            );
            let growth = table.growth((case, large), (other, small), |round| round.cpu);
            table.at_most(&what, growth.filter(|_| large > small), goal, "");
        }
        for case in [QUEUE, DECISION, SEARCH] {
            let what = format!(
                "{case}, {} comments: p50 to {}",
                grouped(large),
                grouped(small)
            );
            let growth = table.growth((case, large), (case, small), |round| round.p50);
            table.at_most(&what, growth.filter(|_| large > small), 1.5, "");
        }
    }
}
