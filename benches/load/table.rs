//! The table, and which goals it meets.

use std::fmt::Write;

use super::generator::Round;

/// A case over a site of some size.
pub struct Row {
    pub case: &'static str,
    pub size: usize,
    pub ours: Vec<Round>,
    /// Empty where there is no limit but the case itself over a smaller site.
    pub limit: Vec<Round>,
    /// Megabytes, of ours and of the limit, after the case.
    pub memory: (f64, Option<f64>),
}

impl Row {
    fn median(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
        median(rounds.iter().map(of).collect())
    }

    /// Requests per second, ours to the limit.
    pub fn ratio(&self) -> Option<f64> {
        by_round(&self.ours, &self.limit, |round| round.per_second)
    }

    /// Processor time, ours to the limit.
    fn cpu_ratio(&self) -> Option<f64> {
        by_round(&self.ours, &self.limit, |round| round.cpu)
    }

    pub fn p50(&self) -> f64 {
        Self::median(&self.ours, |round| round.p50)
    }

    pub fn limit_p50(&self) -> f64 {
        Self::median(&self.limit, |round| round.p50)
    }
}

/// Something of these rounds to the same of those, round by round: what disturbs a round disturbs both.
fn by_round(these: &[Round], those: &[Round], of: impl Fn(&Round) -> f64) -> Option<f64> {
    let pairs = these.iter().zip(those);
    let ratios: Vec<f64> = pairs.map(|(this, that)| of(this) / of(that)).collect();
    (!ratios.is_empty()).then(|| median(ratios))
}

/// The middle one; 0 for none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// A promise, what came out, and whether that is within it.
struct Goal {
    what: String,
    goal: String,
    found: f64,
    met: bool,
}

#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    goals: Vec<Goal>,
}

impl Table {
    pub fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub fn row(&self, case: &str, size: usize) -> Option<&Row> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.case == case && row.size == size)
    }

    /// Something of a case to the same of another.
    pub fn growth(
        &self,
        large: (&str, usize),
        small: (&str, usize),
        of: impl Fn(&Round) -> f64,
    ) -> Option<f64> {
        let (large, small) = (self.row(large.0, large.1)?, self.row(small.0, small.1)?);
        by_round(&large.ours, &small.ours, of)
    }

    pub fn at_least(&mut self, what: &str, found: Option<f64>, goal: f64) {
        let met = found.is_some_and(|found| found >= goal);
        self.goal(what, found, format!("≥ {goal}"), met);
    }

    pub fn at_most(&mut self, what: &str, found: Option<f64>, goal: f64, unit: &str) {
        let met = found.is_some_and(|found| found <= goal);
        self.goal(what, found, format!("≤ {goal}{unit}"), met);
    }

    /// What was not measured says nothing of a goal.
    fn goal(&mut self, what: &str, found: Option<f64>, goal: String, met: bool) {
        if let Some(found) = found {
            self.goals.push(Goal {
                what: what.to_owned(),
                goal,
                found,
                met,
            });
        }
    }

    /// For a run whose figures mean nothing.
    pub fn forget_goals(&mut self) {
        self.goals.clear();
    }

    /// Both tables, in Markdown.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "| case | comments | requests/s | limit | ratio | p50 ms | limit | p99 ms | limit | CPU µs | limit | ratio | to the smallest | MB | limit |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for row in &self.rows {
            let smallest = self.rows.iter().find(|other| other.case == row.case);
            let growth = smallest
                .filter(|smallest| smallest.size != row.size)
                .and_then(|smallest| by_round(&row.ours, &smallest.ours, |round| round.cpu));
            let has_limit = !row.limit.is_empty();
            let limit = |shown: String| if has_limit { shown } else { String::new() };
            let cells = [
                row.case.to_owned(),
                grouped(row.size),
                with_spread(&row.ours),
                limit(with_spread(&row.limit)),
                shown(row.ratio()),
                milliseconds(row.p50()),
                limit(milliseconds(row.limit_p50())),
                milliseconds(Row::median(&row.ours, |round| round.p99)),
                limit(milliseconds(Row::median(&row.limit, |round| round.p99))),
                format!("{:.1}", Row::median(&row.ours, |round| round.cpu)),
                limit(format!("{:.1}", Row::median(&row.limit, |round| round.cpu))),
                shown(row.cpu_ratio()),
                shown(growth),
                format!("{:.0}", row.memory.0),
                row.memory
                    .1
                    .map_or(String::new(), |memory| format!("{memory:.0}")),
            ];
            // Writing to a string does not fail.
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        if !self.goals.is_empty() {
            text.push_str("\n| goal | wanted | found | |\n|---|--:|--:|---|\n");
        }
        for goal in &self.goals {
            let met = if goal.met { "met" } else { "missed" };
            let _ = writeln!(
                text,
                "| {} | {} | {:.2} | {met} |",
                goal.what, goal.goal, goal.found
            );
        }
        text
    }
}

/// The median, and how far the rounds lie apart: half of the span between the slowest and the fastest.
fn with_spread(rounds: &[Round]) -> String {
    let rates = rounds.iter().map(|round| round.per_second);
    let (low, high) = rates
        .clone()
        .fold((f64::MAX, 0.0_f64), |(low, high), rate| {
            (low.min(rate), high.max(rate))
        });
    let middle = median(rates.collect());
    let spread = 50.0 * (high - low) / middle.max(1.0);
    format!("{} ± {spread:.0} %", grouped(middle.round() as usize))
}

fn shown(ratio: Option<f64>) -> String {
    ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"))
}

fn milliseconds(microseconds: f64) -> String {
    format!("{:.2}", microseconds / 1e3)
}

/// `1,000,000`
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
