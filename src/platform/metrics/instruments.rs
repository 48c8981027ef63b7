//! What is counted as it happens.

use std::sync::LazyLock;

use prometheus::core::Collector;
use prometheus::{
    CounterVec, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec,
    IntGauge, Opts, Registry, TextEncoder,
};

/// From half a millisecond to ten seconds.
const LATENCIES: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// Jobs that share a commit.
const GROUPS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// The instruments of this process.
#[must_use]
pub fn metrics() -> &'static Instruments {
    static INSTRUMENTS: LazyLock<Instruments> = LazyLock::new(Instruments::new);
    &INSTRUMENTS
}

/// What is counted as it happens. The names and their meaning are told in `docs/metrics.md`.
pub struct Instruments {
    registry: Registry,
    /// Answers, by method, route and class of status.
    pub requests: IntCounterVec,
    /// Time to an answer, by method and route.
    pub request_seconds: HistogramVec,
    /// Requests that are being answered.
    pub requests_in_flight: IntGauge,
    /// Connections of clients.
    pub connections: IntGauge,
    /// What the front refused, by reason.
    pub refusals: IntCounterVec,
    /// Jobs that wait for the thread that writes.
    pub writer_queue: IntGauge,
    /// Jobs that shared a commit.
    pub writer_group: Histogram,
    /// Time of a commit with its sync.
    pub commit_seconds: Histogram,
    /// Commits that failed.
    pub commit_failures: IntCounter,
    /// Mails, by what became of an attempt.
    pub mails: IntCounterVec,
    /// Runs of periodic work, by name and outcome.
    pub schedule_runs: IntCounterVec,
    /// Time spent in periodic work, by name.
    pub schedule_seconds: CounterVec,
    /// When periodic work last ended well, by name.
    pub schedule_success: GaugeVec,
    /// Tries to sign in, by outcome.
    pub sign_ins: IntCounterVec,
    /// What the limiter refused, by what was tried.
    pub limited: IntCounterVec,
    /// Warnings and errors in the log.
    pub log_records: IntCounterVec,
    /// Denials that were not recorded because there were too many.
    pub denials_passed_over: IntCounterVec,
    /// When the process began.
    pub started: Gauge,
}

impl Instruments {
    #[expect(
        clippy::too_many_lines,
        reason = "it is one table: a line or two for each instrument"
    )]
    fn new() -> Self {
        let r = Registry::new();
        Self {
            requests: counters(
                &r,
                "guichet_http_requests_total",
                "Answers",
                &["method", "route", "class"],
            ),
            request_seconds: histograms(
                &r,
                "guichet_http_request_duration_seconds",
                "Time from a request to its answer",
                &["method", "route"],
            ),
            requests_in_flight: gauge(
                &r,
                "guichet_http_requests_in_flight",
                "Requests that are being answered",
            ),
            connections: gauge(&r, "guichet_front_connections", "Connections of clients"),
            refusals: counters(
                &r,
                "guichet_front_refusals_total",
                "What the front refused",
                &["reason"],
            ),
            writer_queue: gauge(
                &r,
                "guichet_writer_queue_length",
                "Writes that wait for their turn",
            ),
            writer_group: histogram(
                &r,
                "guichet_writer_group_size",
                "Writes that shared a commit",
                &GROUPS,
            ),
            commit_seconds: histogram(
                &r,
                "guichet_commit_duration_seconds",
                "Time of a commit with its sync",
                &LATENCIES,
            ),
            commit_failures: counter(
                &r,
                "guichet_commit_failures_total",
                "Commits that the database or the disk refused",
            ),
            mails: counters(
                &r,
                "guichet_mail_attempts_total",
                "What became of mails that were taken in hand",
                &["outcome"],
            ),
            schedule_runs: counters(
                &r,
                "guichet_schedule_runs_total",
                "Runs of periodic work",
                &["schedule", "outcome"],
            ),
            schedule_seconds: schedule_seconds(&r),
            schedule_success: schedule_success(&r),
            sign_ins: counters(
                &r,
                "guichet_sign_ins_total",
                "Tries to sign in",
                &["outcome"],
            ),
            limited: counters(
                &r,
                "guichet_limiter_refusals_total",
                "What was tried too often",
                &["action"],
            ),
            log_records: counters(
                &r,
                "guichet_log_records_total",
                "Warnings and errors in the log",
                &["level"],
            ),
            denials_passed_over: counters(
                &r,
                "guichet_audit_passed_over_total",
                "Denials that were not recorded, because there were too many",
                &["kind"],
            ),
            started: started(&r),
            registry: r,
        }
    }

    /// As text.
    #[must_use]
    pub fn expose(&self) -> String {
        exposed(&self.registry)
    }
}

/// What is in a registry, as text.
pub(super) fn exposed(registry: &Registry) -> String {
    TextEncoder::new()
        .encode_to_string(&registry.gather())
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the metrics could not be written down");
            String::new()
        })
}

/// Has an instrument read with the others.
fn known<C: Collector + Clone + 'static>(registry: &Registry, instrument: C) -> C {
    registry
        .register(Box::new(instrument.clone()))
        .expect("each name is taken once");
    instrument
}

const SOUND: &str = "our own names and labels are valid";

fn counters(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    known(
        registry,
        IntCounterVec::new(Opts::new(name, help), labels).expect(SOUND),
    )
}

fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    known(registry, IntCounter::new(name, help).expect(SOUND))
}

fn gauge(registry: &Registry, name: &str, help: &str) -> IntGauge {
    known(registry, IntGauge::new(name, help).expect(SOUND))
}

fn histogram(registry: &Registry, name: &str, help: &str, buckets: &[f64]) -> Histogram {
    let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
    known(registry, Histogram::with_opts(options).expect(SOUND))
}

fn histograms(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> HistogramVec {
    let options = HistogramOpts::new(name, help).buckets(LATENCIES.to_vec());
    known(registry, HistogramVec::new(options, labels).expect(SOUND))
}

fn schedule_seconds(registry: &Registry) -> CounterVec {
    let options = Opts::new(
        "guichet_schedule_duration_seconds_total",
        "Time spent in periodic work",
    );
    known(
        registry,
        CounterVec::new(options, &["schedule"]).expect(SOUND),
    )
}

fn schedule_success(registry: &Registry) -> GaugeVec {
    let options = Opts::new(
        "guichet_schedule_last_success_timestamp_seconds",
        "When periodic work last ended well",
    );
    known(
        registry,
        GaugeVec::new(options, &["schedule"]).expect(SOUND),
    )
}

fn started(registry: &Registry) -> Gauge {
    known(
        registry,
        Gauge::new(
            "process_start_time_seconds",
            "When the process began, as seconds since 1970",
        )
        .expect(SOUND),
    )
}
