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
mod idle;
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
use tokio::time::{Instant, sleep, timeout};

pub use peer::TrustedProxies;
pub use shelf::Present;

use self::admission::{Admission, Place};
use self::head::Refusal;
use self::idle::{Idle, Seat};
use self::relay::Relay;
use self::shelf::Shelf;
use crate::platform::random;
use crate::platform::subscriber::Subscriber;

/// How long somebody new waits for a place that is being made free.
const MAKING_ROOM: Duration = Duration::from_secs(1);

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
    /// Clients at a time that are told that there is no place for them, and may take their time to
    /// hear it.
    turned_away: u32,
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
        let room = open_files::provide_for(limits.max_connections);
        let limits = Limits {
            max_connections: room.connections,
            ..limits
        };
        let name = format!("guichet-peer-{}", random::public_id());
        let peer_header = HeaderName::try_from(name).expect("letters, digits and hyphens");
        Ok(Self {
            listener,
            address,
            limits: Arc::new(limits),
            turned_away: room.turned_away,
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
        let reception = Reception::new(self.limits, self.turned_away, relay, stopped);
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
    idle: Arc<Idle>,
    turned_away: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

impl Reception {
    fn new(
        limits: Arc<Limits>,
        turned_away: u32,
        relay: Relay,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        Self {
            admission: Admission::new(limits.max_connections, limits.max_connections_per_address),
            limits,
            relay: Arc::new(relay),
            idle: Arc::default(),
            turned_away: Arc::new(Semaphore::new(turned_away as usize)),
            stopped,
        }
    }

    async fn receive(&self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        let Some((socket, peer)) = usable(accepted).await else {
            return;
        };
        let is_proxy = self.limits.trusted_proxies.contains(peer);
        let subscriber = (!is_proxy).then(|| Subscriber::of(peer));
        let serving = self.serving(socket, peer, is_proxy);
        if let Some(place) = self.admission.admit(subscriber) {
            tokio::spawn(serving.run(place));
        } else if let Ok(hearing) = Arc::clone(&self.turned_away).try_acquire_owned() {
            let may_wait =
                self.admission.is_full_for(subscriber) && self.idle.dismiss_one(Instant::now());
            let admission = self.admission.clone();
            tokio::spawn(async move {
                let next = admission.admit_next(subscriber);
                let place = match may_wait {
                    true => timeout(MAKING_ROOM, next).await.ok().flatten(),
                    false => None,
                };
                if let Some(place) = place {
                    drop(hearing);
                    serving.run(place).await;
                } else {
                    serving.turn_away().await;
                    drop(hearing);
                }
            });
        } else {
            connection::wave_off(serving.socket, self.relay.https);
        }
    }

    fn serving(&self, socket: TcpStream, peer: IpAddr, is_proxy: bool) -> Serving {
        Serving {
            socket,
            peer,
            limits: Arc::clone(&self.limits),
            relay: Arc::clone(&self.relay),
            // A proxy keeps connections for many people, and knows how long: they stay.
            idle: (!is_proxy).then(|| Arc::clone(&self.idle)),
            stopped: self.stopped.clone(),
        }
    }
}

/// A client that was taken, with all that answers it.
struct Serving {
    socket: TcpStream,
    peer: IpAddr,
    limits: Arc<Limits>,
    relay: Arc<Relay>,
    idle: Option<Arc<Idle>>,
    stopped: watch::Receiver<bool>,
}

impl Serving {
    /// It waits for its first request from now on, not from when it is first looked at.
    fn run(self, place: Place) -> impl Future<Output = ()> {
        let seat = Seat::new(self.idle.unwrap_or_default());
        async move {
            connection::serve(
                self.socket,
                self.peer,
                self.limits,
                self.relay,
                seat,
                self.stopped,
            )
            .await;
            drop(place);
        }
    }

    async fn turn_away(self) {
        let refusal = Some(Refusal::TooManyConnections);
        connection::part(self.socket, refusal, self.relay.https).await;
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
