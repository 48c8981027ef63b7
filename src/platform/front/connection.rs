//! One connection with a client, from its first byte to its last.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::gate::Gate;
use super::head::Refusal;
use super::relay::Relay;
use super::{LAST_CALL, Limits};

/// How long a client that was told off may go on sending. Were the socket closed at once, the
/// system would throw away an answer that is still on its way.
const LINGER: Duration = Duration::from_secs(2);

/// Answers one client until it leaves, is refused, or `stop` becomes true and its last answer is
/// sent.
pub(super) async fn serve(
    socket: TcpStream,
    peer: IpAddr,
    limits: Arc<Limits>,
    relay: Arc<Relay>,
    mut stop: watch::Receiver<bool>,
) {
    let gate = Gate::new(socket, limits.max_head_bytes, limits.transfer_timeout);
    let service = service_fn(|request| {
        let relay = Arc::clone(&relay);
        Box::pin(async move { Ok::<_, Infallible>(relay.pass_on(peer, request).await) })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        // What a gate refuses ends the requests, not the answers.
        .half_close(true)
        .serve_connection(TokioIo::new(gate), service);
    let mut stopping = pin!(async {
        // Without a front there is nobody to wait for, either.
        let _ = stop.wait_for(|stop| *stop).await;
        // The library would close on a request that it has not begun to read.
        sleep(LAST_CALL).await;
    });
    let mut is_stopping = false;
    let outcome = poll_fn(|context| {
        if !is_stopping && stopping.as_mut().poll(context).is_ready() {
            is_stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        connection.poll_without_shutdown(context)
    })
    .await;
    let gate = connection.into_parts().io.into_inner();
    let too_slow = outcome.is_err_and(|error| error.is_timeout()) && gate.is_inside_head();
    let last_word = gate.refusal().or(too_slow.then_some(Refusal::TooSlow));
    part(gate.into_socket(), last_word).await;
}

/// Ends a connection, with a last word where there is one.
pub(super) async fn part(mut socket: TcpStream, last_word: Option<Refusal>) {
    let farewell = async {
        if let Some(refusal) = last_word {
            socket.write_all(&refusal.answer_bytes()).await?;
        }
        socket.shutdown().await?;
        copy(&mut socket, &mut sink()).await
    };
    // Whoever does not listen to the end has left.
    let _ = timeout(LINGER, farewell).await;
}
