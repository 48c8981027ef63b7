//! What the program says of itself while it runs: one record a line, on standard error.
//!
//! Invariants:
//! * no record holds a secret, a text that somebody wrote, or a mail address: records name keys
//!   and routes. Addresses that come in with the words of others, such as a mail server's, are
//!   blanked as the line leaves;
//! * libraries are heard from their warnings up, whatever is asked for: below that they repeat
//!   what they are given. Rocket is not heard at all: its records hold the addresses of requests,
//!   in which secrets stand;
//! * nothing that comes from outside can begin a line.

mod blank;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, IsTerminal, Write};
use std::panic::PanicHookInfo;

use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use super::metrics::metrics;

crate::text_enum! {
    /// What a record looks like.
    LogFormat {
        /// A line for people.
        Text = "text",
        /// A JSON object, for programs.
        Json = "json",
    }
}

/// What is heard unless `RUST_LOG` says otherwise.
const USUAL: &str = "info,tantivy=warn";

/// Starts to log, for the rest of the process.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| USUAL.into());
    let heard = tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(may_speak))
        .with(Counting);
    match format {
        LogFormat::Text => heard
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(Blanked)
                    .with_ansi(io::stderr().is_terminal())
                    .with_target(false),
            )
            .init(),
        LogFormat::Json => heard
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(Blanked)
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_span_list(false)
                    .with_target(false),
            )
            .init(),
    }
    std::panic::set_hook(Box::new(tell_panic));
}

/// Whether a record of this origin and level may be written at all.
fn may_speak(record: &Metadata<'_>) -> bool {
    let origin = record.target();
    let is = |name: &str| {
        let rest = origin.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    is("guichet") || (!is("rocket") && *record.level() <= Level::WARN)
}

/// A panic is a record like any other.
fn tell_panic(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    let at = panic.location().map(ToString::to_string);
    let reason = panic.payload_as_str().unwrap_or("no reason was given");
    tracing::error!(thread, at, reason, "panicked");
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        eprintln!("{trace}");
    }
}

/// Counts warnings and errors.
struct Counting;

impl<S: Subscriber> Layer<S> for Counting {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warn",
            _ => return,
        };
        metrics().log_records.with_label_values(&[level]).inc();
    }
}

/// Standard error, behind [`blank::line`].
struct Blanked;

impl Write for Blanked {
    /// The formatter writes a record at once.
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(record);
        let line = blank::line(&text);
        io::stderr().lock().write_all(line.as_bytes())?;
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for Blanked {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}
