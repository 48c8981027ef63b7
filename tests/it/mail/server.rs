//! A mail server on this machine, which refuses or fails when a test tells it to.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use mailin::{Action, Handler, Response, SessionBuilder, response};

/// What the server does with the next message.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// Takes charge of it.
    Accept,
    /// Refuses the recipient.
    RefuseRecipient(u16, &'static str),
    /// Refuses the message once it has all of it.
    RefuseMessage(u16, &'static str),
    /// Takes charge of it and vanishes before saying so.
    Vanish,
}

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body.
    pub bytes: Vec<u8>,
}

impl Arrival {
    /// A header, unfolded and decoded; nothing if it is missing.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.parse();
        message
            .header_raw(name.to_owned())
            .map(|value| value.trim().to_owned())
    }

    /// How often a header occurs.
    pub fn count(&self, name: &str) -> usize {
        let message = self.parse();
        message
            .headers()
            .iter()
            .filter(|header| header.name().eq_ignore_ascii_case(name))
            .count()
    }

    /// The message, read by another library than the one that wrote it.
    pub fn parse(&self) -> mail_parser::Message<'_> {
        mail_parser::MessageParser::default()
            .parse(&self.bytes)
            .expect("what was sent is a message")
    }
}

#[derive(Default)]
struct State {
    script: Mutex<VecDeque<Answer>>,
    arrivals: Mutex<Vec<Arrival>>,
    closed: AtomicBool,
}

/// The server. It stops when it is dropped.
pub struct MailServer {
    address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl MailServer {
    /// A server that takes charge of everything.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.closed.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, state) = (stream.expect("a connection"), Arc::clone(&shared));
                std::thread::spawn(move || converse(&stream, &state));
            }
        });
        Self {
            address,
            state,
            thread: Some(thread),
        }
    }

    /// Its address as a setting.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Says what to do with the next messages, in turn; it accepts those that follow.
    pub fn next(&self, answers: &[Answer]) {
        lock(&self.state.script).extend(answers);
    }

    /// All messages that arrived whole, refused ones included.
    pub fn arrivals(&self) -> Vec<Arrival> {
        lock(&self.state.arrivals).clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server ends in order");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers one client until it leaves, or until the script says to vanish.
fn converse(stream: &TcpStream, state: &Arc<State>) {
    let vanish = Arc::new(AtomicBool::new(false));
    let desk = Desk {
        state: Arc::clone(state),
        vanish: Arc::clone(&vanish),
        answer: Answer::Accept,
        from: String::new(),
        to: Vec::new(),
        bytes: Vec::new(),
    };
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut session = SessionBuilder::new("mail.test").build(peer, desk);
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    let mut response = session.greeting();
    let mut line = Vec::new();
    loop {
        if vanish.load(Ordering::SeqCst) {
            return;
        }
        // In one piece: two small writes would each wait for the other side's delayed
        // acknowledgement.
        let bytes = response.buffer().expect("a response can be written");
        if writer.write_all(&bytes).is_err() {
            return;
        }
        line.clear();
        let gone = reader.read_until(b'\n', &mut line).map_or(true, |n| n == 0);
        if gone || response.action == Action::Close {
            return;
        }
        response = session.process(&line);
    }
}

/// Takes in the messages of one connection.
struct Desk {
    state: Arc<State>,
    vanish: Arc<AtomicBool>,
    answer: Answer,
    from: String,
    to: Vec<String>,
    bytes: Vec<u8>,
}

impl Handler for Desk {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        let next = lock(&self.state.script).pop_front();
        self.answer = next.unwrap_or(Answer::Accept);
        from.clone_into(&mut self.from);
        self.to.clear();
        self.bytes.clear();
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        self.to.push(to.to_owned());
        match self.answer {
            Answer::RefuseRecipient(code, words) => Response::custom(code, words.to_owned()),
            _ => response::OK,
        }
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.bytes.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        lock(&self.state.arrivals).push(Arrival {
            from: self.from.clone(),
            to: self.to.clone(),
            bytes: std::mem::take(&mut self.bytes),
        });
        match self.answer {
            Answer::RefuseMessage(code, words) => Response::custom(code, words.to_owned()),
            Answer::Vanish => {
                self.vanish.store(true, Ordering::SeqCst);
                response::OK
            }
            Answer::Accept | Answer::RefuseRecipient(..) => response::OK,
        }
    }
}
