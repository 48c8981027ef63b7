//! One connection with a client, from its first byte to its last.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io::{Read, Write};
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
use super::idle::{Seat, Told};
use super::relay::Relay;
use super::{LAST_CALL, Limits};

/// How long a client that was told off may go on sending. Were the socket closed at once, the
/// system would throw away an answer that is still on its way.
const LINGER: Duration = Duration::from_secs(2);

/// Pieces of four kilobytes that are taken from somebody who goes on sending while they make room.
const MOST_LOOKS: u32 = 64;

/// Answers one client until it leaves, is refused, has to make room, or `stop` becomes true and its
/// last answer is sent.
pub(super) async fn serve(
    socket: TcpStream,
    peer: IpAddr,
    limits: Arc<Limits>,
    relay: Arc<Relay>,
    seat: Arc<Seat>,
    mut stop: watch::Receiver<bool>,
) {
    let https = relay.https;
    let gate = Gate::new(socket, limits.max_head_bytes, limits.transfer_timeout);
    let service = service_fn(|request| {
        let (relay, seat) = (Arc::clone(&relay), Arc::clone(&seat));
        seat.rise();
        Box::pin(async move {
            let answer = relay.pass_on(peer, request).await;
            Ok::<_, Infallible>(answer.map(|body| Told::new(body, seat)))
        })
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
    let mut making_room = pin!(seat.dismissed());
    let (mut is_stopping, mut makes_room) = (false, false);
    let outcome = poll_fn(|context| {
        if !is_stopping && stopping.as_mut().poll(context).is_ready() {
            is_stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        // The gate keeps half a head to itself, so that the library sees nothing under way and ends; an
        // answer that is still on its way is sent first.
        if !makes_room && making_room.as_mut().poll(context).is_ready() {
            makes_room = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        connection.poll_without_shutdown(context)
    })
    .await;
    let gate = connection.into_parts().io.into_inner();
    let too_slow = outcome.is_err_and(|error| error.is_timeout()) && gate.is_inside_head();
    let last_word = gate.refusal().or(too_slow.then_some(Refusal::TooSlow));
    let mut socket = gate.into_socket();
    if makes_room && last_word.is_none() {
        // At once: whoever comes waits for the place. What has come is taken first: were it left, the
        // system would throw away an answer that is still on its way.
        let mut unread = [0; 4096];
        for _ in 0..MOST_LOOKS {
            if !matches!(socket.try_read(&mut unread), Ok(1..)) {
                break;
            }
        }
        let _ = socket.shutdown().await;
        return;
    }
    part(socket, last_word, https).await;
}

/// Tells somebody that there is no place, as far as it can be done without waiting for them.
pub(super) fn wave_off(socket: TcpStream, https: bool) {
    let answer = Refusal::TooManyConnections.answer_bytes(https);
    let Ok(mut socket) = socket.into_std() else {
        return;
    };
    // What has come is taken first: were it left, the system would throw the answer away.
    let mut unread = [0; 4096];
    drop(socket.read(&mut unread));
    drop(socket.write_all(&answer));
}

/// Ends a connection, with a last word where there is one.
pub(super) async fn part(mut socket: TcpStream, last_word: Option<Refusal>, https: bool) {
    let farewell = async {
        if let Some(refusal) = last_word {
            socket.write_all(&refusal.answer_bytes(https)).await?;
        }
        socket.shutdown().await?;
        copy(&mut socket, &mut sink()).await
    };
    // Whoever does not listen to the end has left.
    let _ = timeout(LINGER, farewell).await;
}
