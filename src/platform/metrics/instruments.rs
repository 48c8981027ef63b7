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

/// A name and what it means, in short.
type Told = (&'static str, &'static str);

const REQUESTS: Told = ("guichet_http_requests_total", "Answers");
const REQUEST_SECONDS: Told = (
    "guichet_http_request_duration_seconds",
    "Time from a request to its answer",
);
const IN_FLIGHT: Told = (
    "guichet_http_requests_in_flight",
    "Requests that are being answered",
);
const CONNECTIONS: Told = ("guichet_front_connections", "Connections of clients");
const REFUSALS: Told = ("guichet_front_refusals_total", "What the front refused");
const QUEUE: Told = (
    "guichet_writer_queue_length",
    "Writes that wait for their turn",
);
const GROUP: Told = ("guichet_writer_group_size", "Writes that shared a commit");
const COMMIT_SECONDS: Told = (
    "guichet_commit_duration_seconds",
    "Time of a commit with its sync",
);
const COMMIT_FAILURES: Told = (
    "guichet_commit_failures_total",
    "Commits that the database or the disk refused",
);
const MAILS: Told = (
    "guichet_mail_attempts_total",
    "What became of mails that were taken in hand",
);
const RUNS: Told = ("guichet_schedule_runs_total", "Runs of periodic work");
const RUN_SECONDS: Told = (
    "guichet_schedule_duration_seconds_total",
    "Time spent in periodic work",
);
const RUN_SUCCESS: Told = (
    "guichet_schedule_last_success_timestamp_seconds",
    "When periodic work last ended well",
);
const SIGN_INS: Told = ("guichet_sign_ins_total", "Tries to sign in");
const LIMITED: Told = ("guichet_limiter_refusals_total", "What was tried too often");
const RECORDS: Told = (
    "guichet_log_records_total",
    "Warnings and errors in the log",
);
const PASSED_OVER: Told = (
    "guichet_audit_passed_over_total",
    "Denials that were not recorded, because there were too many",
);
const FORMS_REFUSED: Told = (
    "guichet_forms_refused_total",
    "Forms that did not come from a page of their sender's session",
);
const STARTED: Told = (
    "process_start_time_seconds",
    "When the process began, as seconds since 1970",
);

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
    /// Forms that did not come from a page of their sender's session, by the proof that they lacked.
    pub forms_refused: IntCounterVec,
    /// When the process began.
    pub started: Gauge,
}

impl Instruments {
    fn new() -> Self {
        let r = Registry::new();
        Self {
            requests: counters(&r, REQUESTS, &["method", "route", "class"]),
            request_seconds: histograms(&r, REQUEST_SECONDS, &["method", "route"]),
            requests_in_flight: gauge(&r, IN_FLIGHT),
            connections: gauge(&r, CONNECTIONS),
            refusals: counters(&r, REFUSALS, &["reason"]),
            writer_queue: gauge(&r, QUEUE),
            writer_group: histogram(&r, GROUP, &GROUPS),
            commit_seconds: histogram(&r, COMMIT_SECONDS, &LATENCIES),
            commit_failures: counter(&r, COMMIT_FAILURES),
            mails: counters(&r, MAILS, &["outcome"]),
            schedule_runs: counters(&r, RUNS, &["schedule", "outcome"]),
            schedule_seconds: schedule_seconds(&r),
            schedule_success: schedule_success(&r),
            sign_ins: counters(&r, SIGN_INS, &["outcome"]),
            limited: counters(&r, LIMITED, &["action"]),
            log_records: counters(&r, RECORDS, &["level"]),
            denials_passed_over: counters(&r, PASSED_OVER, &["kind"]),
            forms_refused: counters(&r, FORMS_REFUSED, &["reason"]),
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

fn counters(registry: &Registry, told: Told, labels: &[&str]) -> IntCounterVec {
    let counters = IntCounterVec::new(Opts::new(told.0, told.1), labels);
    known(registry, counters.expect(SOUND))
}

fn counter(registry: &Registry, told: Told) -> IntCounter {
    known(registry, IntCounter::new(told.0, told.1).expect(SOUND))
}

fn gauge(registry: &Registry, told: Told) -> IntGauge {
    known(registry, IntGauge::new(told.0, told.1).expect(SOUND))
}

fn histogram(registry: &Registry, told: Told, buckets: &[f64]) -> Histogram {
    let options = HistogramOpts::new(told.0, told.1).buckets(buckets.to_vec());
    known(registry, Histogram::with_opts(options).expect(SOUND))
}

fn histograms(registry: &Registry, told: Told, labels: &[&str]) -> HistogramVec {
    let options = HistogramOpts::new(told.0, told.1).buckets(LATENCIES.to_vec());
    known(registry, HistogramVec::new(options, labels).expect(SOUND))
}

fn schedule_seconds(registry: &Registry) -> CounterVec {
    let options = Opts::new(RUN_SECONDS.0, RUN_SECONDS.1);
    let counters = CounterVec::new(options, &["schedule"]);
    known(registry, counters.expect(SOUND))
}

fn schedule_success(registry: &Registry) -> GaugeVec {
    let options = Opts::new(RUN_SUCCESS.0, RUN_SUCCESS.1);
    let gauges = GaugeVec::new(options, &["schedule"]);
    known(registry, gauges.expect(SOUND))
}

fn started(registry: &Registry) -> Gauge {
    known(registry, Gauge::new(STARTED.0, STARTED.1).expect(SOUND))
}
