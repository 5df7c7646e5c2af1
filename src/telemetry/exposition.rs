//! Families of figures as they are written: what they are, then their samples.

use prometheus_client::encoding::{
    DescriptorEncoder, EncodeCounterValue, EncodeGaugeValue, NoLabelSet,
};
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

/// How they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// What Prometheus read before there was that, and every collector reads. A counter is called as its samples are, and an info is a
    /// gauge; units are in names alone.
    Classic,
}

impl Format {
    /// As a `Content-Type` has it.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Classic => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// What is being written.
pub(super) struct Page<'a> {
    encoder: DescriptorEncoder<'a>,
    format: Format,
}

impl<'a> Page<'a> {
    pub fn new(encoder: DescriptorEncoder<'a>, format: Format) -> Self {
        Self { encoder, format }
    }

    pub fn info(
        &mut self,
        name: &str,
        help: &str,
        labels: &[(&'static str, &'static str); 1],
    ) -> Told {
        if self.format == Format::Classic {
            let name = format!("{name}_info");
            return self
                .encoder
                .encode_descriptor(&name, help, None, MetricType::Gauge)?
                .encode_family(labels)?
                .encode_gauge(&1_u64);
        }
        self.encoder
            .encode_descriptor(name, help, None, MetricType::Info)?
            .encode_info(labels)
    }

    pub fn counter(&mut self, name: &str, help: &str, count: u64) -> Told {
        self.counters(name, help, vec![(Vec::new(), count)])
    }

    pub fn counters(&mut self, name: &str, help: &str, rows: Vec<(Labels, u64)>) -> Told {
        self.counted(name, help, None, rows)
    }

    /// A counter of seconds.
    pub fn seconds(&mut self, name: &str, help: &str, seconds: f64) -> Told {
        let rows = vec![(Vec::new(), seconds)];
        self.counted(name, help, Some(Unit::Seconds), rows)
    }

    fn counted(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<Unit>,
        rows: Vec<(Labels, impl EncodeCounterValue + EncodeGaugeValue)>,
    ) -> Told {
        if self.format == Format::Classic {
            let unit = unit.map_or_else(String::new, |unit| format!("_{}", unit.as_str()));
            let name = format!("{name}{unit}_total");
            return self.samples(&name, help, None, MetricType::Counter, rows);
        }
        let mut metric =
            self.encoder
                .encode_descriptor(name, help, unit.as_ref(), MetricType::Counter)?;
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
        self.samples(name, help, unit, MetricType::Gauge, rows)
    }

    /// Samples that are called as their family is.
    fn samples(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<Unit>,
        kind: MetricType,
        rows: Vec<(Labels, impl EncodeGaugeValue)>,
    ) -> Told {
        let mut metric = self
            .encoder
            .encode_descriptor(name, help, unit.as_ref(), kind)?;
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
            self.encoder
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
