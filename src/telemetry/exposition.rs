//! Families of figures as OpenMetrics writes them: what they are, then their samples.

use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

use crate::store::meters::Reading;

pub(super) type Told = Result<(), std::fmt::Error>;
pub(super) type Labels = Vec<(&'static str, String)>;

/// Samples that differ in one label.
pub(super) fn labelled<T>(label: &'static str, rows: Vec<(&'static str, T)>) -> Vec<(Labels, T)> {
    rows.into_iter()
        .map(|(word, value)| (vec![(label, word.to_owned())], value))
        .collect()
}

/// What is being written.
pub(super) struct Page<'a>(DescriptorEncoder<'a>);

impl<'a> Page<'a> {
    pub fn new(encoder: DescriptorEncoder<'a>) -> Self {
        Self(encoder)
    }

    pub fn info(
        &mut self,
        name: &str,
        help: &str,
        labels: &[(&'static str, &'static str); 1],
    ) -> Told {
        self.0
            .encode_descriptor(name, help, None, MetricType::Info)?
            .encode_info(labels)
    }

    pub fn counter(&mut self, name: &str, help: &str, count: u64) -> Told {
        self.counters(name, help, vec![(Vec::new(), count)])
    }

    pub fn counters(&mut self, name: &str, help: &str, rows: Vec<(Labels, u64)>) -> Told {
        let mut metric = self
            .0
            .encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, count) in &rows {
            if labels.is_empty() {
                metric.encode_counter::<NoLabelSet, _, u64>(count, None)?;
            } else {
                metric
                    .encode_family(labels)?
                    .encode_counter::<NoLabelSet, _, u64>(count, None)?;
            }
        }
        Ok(())
    }

    pub fn gauge(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<Unit>,
        value: impl EncodeGaugeValue,
    ) -> Told {
        self.gauges(name, help, unit, vec![(Vec::new(), value)])
    }

    pub fn gauges(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<Unit>,
        rows: Vec<(Labels, impl EncodeGaugeValue)>,
    ) -> Told {
        let mut metric = self
            .0
            .encode_descriptor(name, help, unit.as_ref(), MetricType::Gauge)?;
        for (labels, value) in &rows {
            if labels.is_empty() {
                metric.encode_gauge(value)?;
            } else {
                metric.encode_family(labels)?.encode_gauge(value)?;
            }
        }
        Ok(())
    }

    /// With a unit, the readings are of microseconds and told in seconds.
    pub fn histogram(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<Unit>,
        rows: Vec<(Labels, Reading)>,
    ) -> Told {
        let scale = if unit.is_some() { 1_000_000.0 } else { 1.0 };
        let mut metric =
            self.0
                .encode_descriptor(name, help, unit.as_ref(), MetricType::Histogram)?;
        for (labels, reading) in &rows {
            let mut buckets: Vec<(f64, u64)> = reading
                .cells
                .iter()
                .map(|(bound, count)| (*bound as f64 / scale, *count))
                .collect();
            buckets.push((f64::INFINITY, reading.over));
            let (sum, count) = (reading.sum as f64 / scale, reading.count());
            if labels.is_empty() {
                metric.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
            } else {
                metric
                    .encode_family(labels)?
                    .encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
            }
        }
        Ok(())
    }
}
