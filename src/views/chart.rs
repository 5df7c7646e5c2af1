//! Columns side by side, drawn with attributes and classes alone. Their numbers stand in a table beside them.

/// A drawing of columns, each of two parts.
pub(super) struct Chart {
    /// In units of which a column has ten and the height a hundred.
    pub width: usize,
    pub bars: Vec<Bar>,
    /// Under the columns.
    pub labels: Vec<String>,
}

/// A part of a column.
pub(super) struct Bar {
    pub x: usize,
    pub y: String,
    pub height: String,
    /// The part below, in the other colour.
    pub lower: bool,
}

impl Chart {
    /// Each column is its label, what stands above and what below; the tallest one fills the height.
    pub fn new(columns: Vec<(String, i64, i64)>) -> Self {
        let sum = |(_, upper, lower): &(String, i64, i64)| upper + lower;
        let tallest = columns.iter().map(sum).max().unwrap_or(0).max(1);
        let height = |n: i64| {
            let hundredths = n * 10_000 / tallest;
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        };
        let mut bars = Vec::new();
        for (place, (_, upper, lower)) in columns.iter().enumerate() {
            let parts = [(*upper, upper + lower, false), (*lower, *lower, true)];
            for (part, top, lower) in parts.into_iter().filter(|(part, ..)| *part > 0) {
                bars.push(Bar {
                    x: place * 10 + 2,
                    y: height(tallest - top),
                    height: height(part),
                    lower,
                });
            }
        }
        Self {
            width: columns.len() * 10,
            bars,
            labels: columns.into_iter().map(|(label, ..)| label).collect(),
        }
    }
}

/// A share of a whole, in whole percent; of nothing it is 0.
pub(super) fn percent(part: i64, whole: i64) -> i64 {
    (part * 200 + whole).checked_div(whole * 2).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_column_fills_the_height_and_the_parts_meet() {
        let chart = Chart::new(vec![
            ("Mar".into(), 3, 1),
            ("Apr".into(), 1, 0),
            ("May".into(), 0, 0),
        ]);
        assert_eq!(chart.width, 30);
        let drawn: Vec<_> = chart
            .bars
            .iter()
            .map(|bar| (bar.x, &*bar.y, &*bar.height))
            .collect();
        let expected = [
            (2, "0.00", "75.00"),
            (2, "75.00", "25.00"),
            (12, "75.00", "25.00"),
        ];
        assert_eq!(drawn, expected);
        assert!(Chart::new(vec![("May".into(), 0, 0)]).bars.is_empty());
        assert_eq!([percent(1, 3), percent(2, 3), percent(0, 0)], [33, 67, 0]);
    }
}
