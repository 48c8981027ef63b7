//! What has to be asked for, gathered for one reading.

use std::collections::BTreeMap;

use prometheus::{GaugeVec, Opts, Registry};

use super::instruments::exposed;

/// Numbers of one moment.
#[derive(Default)]
pub struct Gauges {
    registry: Registry,
    families: BTreeMap<&'static str, GaugeVec>,
}

impl Gauges {
    /// Tells a number. Whoever tells more of the same name gives the same labels.
    #[expect(
        clippy::cast_precision_loss,
        reason = "bytes and counts far below 2^53; a reader draws them"
    )]
    pub fn tell(
        &mut self,
        name: &'static str,
        help: &'static str,
        labels: &[(&'static str, &str)],
        number: i64,
    ) {
        let family = self.families.entry(name).or_insert_with(|| {
            let names: Vec<&str> = labels.iter().map(|(name, _)| *name).collect();
            let family = GaugeVec::new(Opts::new(name, help), &names)
                .expect("our own names and labels are valid");
            self.registry
                .register(Box::new(family.clone()))
                .expect("the name is new to this reading");
            family
        });
        let values: Vec<&str> = labels.iter().map(|(_, value)| *value).collect();
        match family.get_metric_with_label_values(&values) {
            Ok(gauge) => gauge.set(number as f64),
            Err(error) => tracing::error!(%error, name, "a number was told in two ways"),
        }
    }

    /// As text.
    #[must_use]
    pub fn expose(&self) -> String {
        exposed(&self.registry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_with_its_labels() {
        let mut gauges = Gauges::default();
        gauges.tell("mails", "Mails", &[("state", "waiting")], 3);
        gauges.tell("mails", "Mails", &[("state", "failed")], 0);
        gauges.tell("bytes", "Bytes", &[], 17);
        let text = gauges.expose();
        for line in [
            "# TYPE mails gauge",
            "mails{state=\"waiting\"} 3",
            "mails{state=\"failed\"} 0",
            "bytes 17",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}: {text}");
        }
    }
}
