//! Connections to the program behind, on this machine.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::http::uri::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tower_service::Service;

/// Room for what the program sends. Segments on the loopback are as large as a small buffer, and a
/// sender who sees no room for a whole one waits for tens of milliseconds.
const RECEIVE_BYTES: u32 = 1 << 20;

/// Makes connections to the program, whatever address is asked for.
#[derive(Clone, Copy)]
pub(super) struct Connector(pub(super) SocketAddr);

impl Service<Uri> for Connector {
    type Response = TokioIo<ProgramSocket>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let address = self.0;
        Box::pin(async move {
            let socket = TcpSocket::new_v4()?;
            socket.set_recv_buffer_size(RECEIVE_BYTES)?;
            let stream = socket.connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(TokioIo::new(ProgramSocket {
                stream,
                is_deaf: false,
            }))
        })
    }
}

/// A connection on which the program may answer before it has heard everything.
///
/// It then closes, as when a large body goes to an address that does not exist. What is still
/// written is dropped here instead of being an error, so that the answer, which has arrived, is
/// read; without one, reading fails.
pub(super) struct ProgramSocket {
    stream: TcpStream,
    is_deaf: bool,
}

impl ProgramSocket {
    fn forgive(
        &mut self,
        outcome: Poll<io::Result<usize>>,
        offered: usize,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Err(error))
                if matches!(
                    error.kind(),
                    ErrorKind::BrokenPipe | ErrorKind::ConnectionReset
                ) =>
            {
                self.is_deaf = true;
                Poll::Ready(Ok(offered))
            }
            outcome => outcome,
        }
    }
}

impl AsyncRead for ProgramSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, out)
    }
}

impl AsyncWrite for ProgramSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_deaf {
            return Poll::Ready(Ok(bytes.len()));
        }
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.forgive(outcome, bytes.len())
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Connection for ProgramSocket {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}
