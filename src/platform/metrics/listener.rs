//! The address of their own at which metrics are read: not the public one.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::{expose, metrics};
use crate::platform::clock::Clock;
use crate::platform::web::Site;
use crate::platform::web::headers::protection_of_no_page;

/// Connections at a time; others wait.
const CONNECTIONS: usize = 16;

/// How long a head may take to arrive.
const HEAD: Duration = Duration::from_secs(5);

/// How long a connection may last: whoever reads every few seconds connects again.
const CONNECTION: Duration = Duration::from_secs(300);

/// Pause after the system refused to hand out a connection.
const PAUSE: Duration = Duration::from_millis(250);

/// What Prometheus asks for in its text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The address at which metrics are read, taken.
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Takes the address.
    ///
    /// # Errors
    /// Those of the system, as when another program has it.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        metrics().started.set(began());
        Ok(Self { listener, address })
    }

    /// Where they are read.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is dropped.
    pub async fn serve(self, site: Arc<Site>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            // Nobody closes the semaphore, so that an error cannot come.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            match self.listener.accept().await {
                Ok((socket, _)) => {
                    let site = Arc::clone(&site);
                    tokio::spawn(async move {
                        answer_all(socket, site).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "nobody can read the metrics just now");
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// The program takes its addresses as it starts.
#[expect(clippy::cast_precision_loss, reason = "seconds stay below 2^53")]
fn began() -> f64 {
    Clock::System.now().seconds() as f64
}

async fn answer_all(socket: TcpStream, site: Arc<Site>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let site = Arc::clone(&site);
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_ours = request.uri().path() == "/metrics";
        async move { Ok::<_, Infallible>(answer(is_ours, reads, site).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(socket), service);
    if let Ok(Err(error)) = timeout(CONNECTION, connection).await {
        tracing::debug!(%error, "a connection to the metrics ended");
    }
}

async fn answer(is_ours: bool, reads: bool, site: Arc<Site>) -> Response<Full<Bytes>> {
    let (status, text) = if !is_ours {
        let text = "There is nothing here but /metrics.\n";
        (StatusCode::NOT_FOUND, text.to_owned())
    } else if reads {
        match tokio::task::spawn_blocking(move || expose(&site)).await {
            Ok(text) => (StatusCode::OK, text),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
        }
    } else {
        (StatusCode::METHOD_NOT_ALLOWED, String::new())
    };
    let mut answer = Response::new(Full::from(text));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    for (name, value) in protection_of_no_page() {
        let name = HeaderName::try_from(name).expect("our own names are valid");
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(TEXT));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    answer
}
