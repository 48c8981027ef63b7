//! What goes wrong without showing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel, LogEntrySource};
use chromiumoxide::cdp::browser_protocol::network::{
    EventLoadingFailed, EventRequestWillBeSent, EventResponseReceived,
};
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::page::Page;
use rocket::futures::stream::{BoxStream, select_all};
use rocket::futures::{FutureExt, StreamExt};
use tokio::sync::Notify;

use super::RUNTIME;

/// Written to the console by the test itself, to know that everything before was seen.
const END: &str = "everything was seen";

/// Collects, from a page's first moment on.
pub(super) struct Watch {
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    faults: Mutex<Vec<String>>,
    /// Statuses of refused pages that the journey asks for.
    expected: Mutex<Vec<i64>>,
    /// Whether the server may be away.
    outage: AtomicBool,
    ended: Notify,
}

enum Sign {
    Fault(String),
    Refused { status: i64, url: String },
    Unreachable(String),
    End,
}

impl Watch {
    /// Begins, for a page that may only talk to `origin`.
    pub(super) async fn begin(page: &Page, origin: &str) -> Self {
        page.enable_log().await.expect("Chromium reports its log");
        let mut signs = select_all(signs(page, origin).await);
        let seen = Arc::new(Seen::default());
        let watched = Arc::clone(&seen);
        RUNTIME.spawn(async move {
            while let Some(sign) = signs.next().await {
                let mut ended = watched.note(sign);
                while let Some(Some(more)) = signs.next().now_or_never() {
                    ended |= watched.note(more);
                }
                if ended {
                    watched.ended.notify_one();
                }
            }
        });
        Self { seen }
    }

    /// From here on a page may answer with this status.
    pub(super) fn expect(&self, status: i64) {
        lock(&self.seen.expected).push(status);
    }

    /// From here on the server may be away.
    pub(super) fn expect_outage(&self) {
        self.seen.outage.store(true, Ordering::SeqCst);
    }

    /// What was found, complete.
    pub(super) async fn faults(&self, page: &Page) -> Vec<String> {
        let marked = page
            .evaluate_expression(format!("console.debug({END:?})"))
            .await;
        let ended = tokio::time::timeout(Duration::from_secs(5), self.seen.ended.notified()).await;
        let mut faults = lock(&self.seen.faults).clone();
        if marked.is_err() || ended.is_err() {
            faults.push("the page does not answer any more".to_owned());
        }
        faults
    }
}

impl Seen {
    fn note(&self, sign: Sign) -> bool {
        match sign {
            Sign::End => return true,
            Sign::Refused { status, .. } if lock(&self.expected).contains(&status) => {}
            Sign::Refused { status, url } => {
                lock(&self.faults).push(format!("{url} answered {status}"));
            }
            Sign::Unreachable(_) if self.outage.load(Ordering::SeqCst) => {}
            Sign::Unreachable(fault) | Sign::Fault(fault) => lock(&self.faults).push(fault),
        }
        false
    }
}

async fn signs(page: &Page, origin: &str) -> Vec<BoxStream<'static, Sign>> {
    let origin = origin.to_owned();
    let listening = "Chromium reports events";
    let console = page.event_listener::<EventConsoleApiCalled>().await;
    let thrown = page.event_listener::<EventExceptionThrown>().await;
    let log = page.event_listener::<EventEntryAdded>().await;
    let sent = page.event_listener::<EventRequestWillBeSent>().await;
    let answered = page.event_listener::<EventResponseReceived>().await;
    let failed = page.event_listener::<EventLoadingFailed>().await;
    vec![
        sifted(console.expect(listening), of_console),
        sifted(thrown.expect(listening), |event| {
            let details = &event.exception_details;
            let thrown = details
                .exception
                .as_ref()
                .and_then(|e| e.description.clone());
            let text = thrown.unwrap_or_else(|| details.text.clone());
            Some(Sign::Fault(format!("script error: {text}")))
        }),
        sifted(log.expect(listening), |event| {
            // What the network refuses is judged below, where its kind is known.
            let counts = event.entry.level == LogEntryLevel::Error
                && event.entry.source != LogEntrySource::Network;
            counts.then(|| Sign::Fault(format!("browser log: {}", event.entry.text)))
        }),
        sifted(sent.expect(listening), move |event| {
            let url = &event.request.url;
            let own = url.starts_with(&origin)
                || ["data:", "blob:", "about:"]
                    .iter()
                    .any(|scheme| url.starts_with(scheme));
            (!own).then(|| Sign::Fault(format!("request to another host: {url}")))
        }),
        sifted(answered.expect(listening), |event| {
            let (status, url) = (event.response.status, event.response.url.clone());
            (status >= 400).then_some(Sign::Refused { status, url })
        }),
        sifted(failed.expect(listening), |event| {
            let left = event.canceled == Some(true) || event.error_text == "net::ERR_ABORTED";
            (!left).then(|| Sign::Unreachable(format!("request failed: {}", event.error_text)))
        }),
    ]
}

fn of_console(event: &EventConsoleApiCalled) -> Option<Sign> {
    let words: Vec<String> = event
        .args
        .iter()
        .map(|arg| {
            arg.value
                .as_ref()
                .map_or_else(String::new, ToString::to_string)
        })
        .collect();
    let words = words.join(" ");
    match event.r#type {
        ConsoleApiCalledType::Error
        | ConsoleApiCalledType::Warning
        | ConsoleApiCalledType::Assert => Some(Sign::Fault(format!("console: {words}"))),
        ConsoleApiCalledType::Debug if words.contains(END) => Some(Sign::End),
        _ => None,
    }
}

fn sifted<E: Send + Sync + 'static>(
    events: impl rocket::futures::Stream<Item = Arc<E>> + Send + 'static,
    judge: impl Fn(&E) -> Option<Sign> + Send + 'static,
) -> BoxStream<'static, Sign> {
    events
        .filter_map(move |event| std::future::ready(judge(&event)))
        .boxed()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
