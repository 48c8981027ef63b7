//! What stands on the public address: takes the connections of clients, bounds what each may cost,
//! and passes their requests on to Rocket, which listens on this machine only.
//!
//! Rocket cuts off no client, however slow, and counts no connections. So this does, before any
//! request reaches it: a deadline for heads and idle connections, a least pace for bodies and
//! answers, a size of heads, a number of connections. Requests are parsed and written anew by
//! hyper, so that only one reading of them exists behind.
//!
//! Rocket learns the client's address from a header whose name is drawn at each start: nobody
//! else can say it, neither a client nor another program on this machine.

mod admission;
mod answers;
mod connection;
pub mod gate;
pub mod head;
mod names;
mod open_files;
mod pace;
mod peer;
mod program;
mod relay;
mod shelf;

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderName;
use rocket::figment::Figment;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

pub use peer::TrustedProxies;
pub use shelf::Present;

use self::admission::Admission;
use self::head::Refusal;
use self::relay::Relay;
use self::shelf::Shelf;
use crate::platform::random;
use crate::platform::subscriber::Subscriber;

/// Clients at a time that are told that there is no place for them; others are closed on.
const TURNED_AWAY: usize = 64;

/// Pause after the system refused to hand out a connection, as when no file may be opened.
const ACCEPT_PAUSE: Duration = Duration::from_millis(250);

/// How long connections are still taken after the program was asked to stop, and requests on them:
/// what stands in the system's queues by then has been sent.
const LAST_CALL: Duration = Duration::from_millis(100);

/// What a client may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long a connection may wait for the head of a request to be complete.
    pub head_timeout: Duration,
    /// How long a client may stand still while it sends a body or takes an answer.
    pub transfer_timeout: Duration,
    /// Largest head of a request, in bytes.
    pub max_head_bytes: usize,
    /// Most connections.
    pub max_connections: u32,
    /// Most connections of one subscriber; trusted proxies are not counted.
    pub max_connections_per_address: u32,
    /// Proxies that say whom they speak for.
    pub trusted_proxies: TrustedProxies,
}

/// The public address, taken.
pub struct Front {
    listener: TcpListener,
    address: SocketAddr,
    limits: Arc<Limits>,
    public_url: String,
    peer_header: HeaderName,
    shelf: Shelf,
}

impl Front {
    /// Takes the address. The portal's public address says which name it answers to, and whether
    /// people reach it by https; a proxy before this one sees to that. Pages for all guests are
    /// kept as long as `present` tells that they are made from what there is.
    ///
    /// # Errors
    /// Those of the system, as when another program has it.
    pub async fn bind(
        address: SocketAddr,
        limits: Limits,
        public_url: &str,
        present: Present,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let limits = Limits {
            max_connections: open_files::provide_for(limits.max_connections),
            ..limits
        };
        let name = format!("guichet-peer-{}", random::public_id());
        let peer_header = HeaderName::try_from(name).expect("letters, digits and hyphens");
        Ok(Self {
            listener,
            address,
            limits: Arc::new(limits),
            public_url: public_url.to_owned(),
            peer_header,
            shelf: Shelf::new(present),
        })
    }

    /// Where clients reach it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Rocket's settings behind this front: its own port on this machine, and no signals, because
    /// the front stops first.
    #[must_use]
    pub fn behind(&self, figment: Figment) -> Figment {
        figment
            .merge(("address", "127.0.0.1"))
            .merge(("port", 0))
            .merge(("ip_header", self.peer_header.as_str()))
            .merge(("shutdown.ctrlc", false))
            .merge(("shutdown.signals", [""; 0]))
            .merge(("shutdown.grace", 1))
    }

    /// Serves until `stop`, then ends what is under way within `grace`. Rocket listens on `port`.
    pub async fn serve(self, port: u16, stop: impl Future<Output = ()>, grace: Duration) {
        let (stopper, stopped) = watch::channel(false);
        let trusted = self.limits.trusted_proxies.clone();
        let relay = Relay::new(
            port,
            self.peer_header,
            trusted,
            self.shelf,
            &self.public_url,
        );
        let reception = Reception::new(self.limits, relay, stopped);
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => reception.receive(accepted).await,
            }
        }
        let last_call = async {
            loop {
                reception.receive(self.listener.accept().await).await;
            }
        };
        // It ends by its time alone.
        let _: Result<(), _> = timeout(LAST_CALL, last_call).await;
        drop(self.listener);
        stopper.send_replace(true);
        if timeout(grace, reception.admission.emptied()).await.is_err() {
            tracing::warn!("requests were still under way when the program had to stop");
        }
    }
}

/// Where connections get a place or are turned away.
struct Reception {
    limits: Arc<Limits>,
    relay: Arc<Relay>,
    admission: Admission,
    turned_away: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

impl Reception {
    fn new(limits: Arc<Limits>, relay: Relay, stopped: watch::Receiver<bool>) -> Self {
        let turned_away = TURNED_AWAY.min(limits.max_connections as usize);
        Self {
            admission: Admission::new(limits.max_connections, limits.max_connections_per_address),
            limits,
            relay: Arc::new(relay),
            turned_away: Arc::new(Semaphore::new(turned_away)),
            stopped,
        }
    }

    async fn receive(&self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        let Some((socket, peer)) = usable(accepted).await else {
            return;
        };
        let is_proxy = self.limits.trusted_proxies.contains(peer);
        let subscriber = (!is_proxy).then(|| Subscriber::of(peer));
        match self.admission.admit(subscriber) {
            Some(place) => {
                let (limits, relay) = (Arc::clone(&self.limits), Arc::clone(&self.relay));
                let stopped = self.stopped.clone();
                tokio::spawn(async move {
                    connection::serve(socket, peer, limits, relay, stopped).await;
                    drop(place);
                });
            }
            None => turn_away(socket, self.relay.https, &self.turned_away),
        }
    }
}

async fn usable(accepted: io::Result<(TcpStream, SocketAddr)>) -> Option<(TcpStream, IpAddr)> {
    match accepted {
        Ok((socket, peer)) => {
            // Answers are short: without it the system would wait for more to send.
            let _ = socket.set_nodelay(true);
            Some((socket, peer.ip().to_canonical()))
        }
        Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => None,
        Err(error) => {
            tracing::warn!(%error, "no connection can be taken just now");
            sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn turn_away(socket: TcpStream, https: bool, turned_away: &Arc<Semaphore>) {
    if let Ok(place) = Arc::clone(turned_away).try_acquire_owned() {
        tokio::spawn(async move {
            connection::part(socket, Some(Refusal::TooManyConnections), https).await;
            drop(place);
        });
    } else {
        Refusal::TooManyConnections.count();
    }
}
