//! The client's side of a connection, as the HTTP library sees it: bytes of requests that were
//! judged, at a pace.
//!
//! The library parses, frames and answers. What it leaves open is decided here, on the bytes
//! themselves: heads that could be read in two ways do not reach it, and a client that stands
//! still in the middle of a body or an answer is cut off. A refusal looks like the end of the
//! stream to the library, so what was asked before is still answered; [`Gate::refusal`] then says
//! what remains to be told.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::head::{Extent, Framing, Refusal, extent, inspect};
use super::pace::Pace;

/// Bytes taken from the socket at once.
const READ_BYTES: usize = 8192;

/// Where in its requests the client is.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// In a head, of which so many bytes were looked at.
    Head { seen: usize },
    /// So many bytes of a judged request are still to be handed on, then comes the next head.
    Request { left: u64 },
    /// In the chunks of the last request: nothing after it is answered.
    LastRequest,
    /// Nothing more is read.
    Over,
}

/// A socket whose reads and writes are watched.
pub struct Gate<S> {
    socket: S,
    max_head_bytes: usize,
    stage: Stage,
    /// Read and not yet handed on.
    unread: BytesMut,
    reading: Pace,
    writing: Pace,
    refusal: Option<Refusal>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Gate<S> {
    /// `patience` is how long the client may stand still in a body or an answer.
    pub fn new(socket: S, max_head_bytes: usize, patience: Duration) -> Self {
        Self {
            socket,
            max_head_bytes,
            stage: Stage::Head { seen: 0 },
            unread: BytesMut::new(),
            reading: Pace::of_bodies(patience),
            writing: Pace::of_answers(patience),
            refusal: None,
        }
    }

    /// Why no more requests are read from this client, where nobody has told it yet.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// Whether the client is in the middle of a head.
    pub fn is_inside_head(&self) -> bool {
        matches!(self.stage, Stage::Head { .. }) && !self.unread.is_empty()
    }

    /// The socket itself, for a last word.
    pub fn into_socket(self) -> S {
        self.socket
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.refusal = Some(refusal);
        self.stage = Stage::Over;
    }

    /// Judges what was read of a head.
    fn judge(&mut self, seen: usize) {
        match extent(&self.unread, seen) {
            Extent::Complete(length) if length <= self.max_head_bytes => {
                self.reading.restart();
                match inspect(&self.unread[..length]) {
                    Ok(Framing::Length(body)) => {
                        let left = body.saturating_add(length as u64);
                        self.stage = Stage::Request { left };
                    }
                    Ok(Framing::Chunked) => self.stage = Stage::LastRequest,
                    Err(refusal) => self.refuse(refusal),
                }
            }
            Extent::Partial if self.unread.len() <= self.max_head_bytes => {
                let seen = self.unread.len();
                self.stage = Stage::Head { seen };
            }
            Extent::Broken => self.refuse(Refusal::Malformed),
            Extent::Complete(_) | Extent::Partial => self.refuse(Refusal::HeadTooLarge),
        }
    }

    /// Takes more from the socket; none is the end of the stream.
    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut bytes = [0; READ_BYTES];
        let mut read = ReadBuf::new(&mut bytes);
        ready!(Pin::new(&mut self.socket).poll_read(context, &mut read))?;
        self.unread.extend_from_slice(read.filled());
        Poll::Ready(Ok(read.filled().len()))
    }

    /// Takes more of a request that was begun, unless it stands still.
    fn poll_fill_request(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let outcome = self.poll_fill(context);
        let outcome = ready!(self.reading.watch(context, outcome));
        if !matches!(outcome, Ok(1..)) {
            self.stage = Stage::Over;
        }
        Poll::Ready(outcome)
    }

    fn hand_on(&mut self, out: &mut ReadBuf<'_>, left: u64) -> u64 {
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let length = out.remaining().min(self.unread.len()).min(left);
        out.put_slice(&self.unread[..length]);
        self.unread.advance(length);
        length as u64
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Gate<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match self.stage {
                Stage::Over => return Poll::Ready(Ok(())),
                Stage::Head { seen } if seen < self.unread.len() => self.judge(seen),
                Stage::Head { .. } => {
                    if ready!(self.poll_fill(context))? == 0 {
                        self.stage = Stage::Over;
                    }
                }
                Stage::Request { left: 0 } => self.stage = Stage::Head { seen: 0 },
                Stage::Request { .. } | Stage::LastRequest if self.unread.is_empty() => {
                    ready!(self.poll_fill_request(context))?;
                }
                Stage::Request { left } => {
                    let left = left - self.hand_on(out, left);
                    self.stage = Stage::Request { left };
                    return Poll::Ready(Ok(()));
                }
                Stage::LastRequest => {
                    self.hand_on(out, u64::MAX);
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.writing.watch(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.writing.watch(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
