//! A mail server that stands still when it is told to.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where it stands still.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    Nowhere = 0,
    /// It has been told of a message and does not ask for it.
    BeforeDot = 1,
    /// It has taken charge of a message and does not say so.
    AfterDot = 2,
}

#[derive(Default)]
struct State {
    pause: AtomicU8,
    /// How often it took charge of each message.
    taken: Mutex<HashMap<String, usize>>,
    /// Conversations that stand still.
    standing: AtomicU8,
}

pub struct Sink {
    port: u16,
    state: Arc<State>,
}

impl Sink {
    /// Its thread ends with the process.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // Whoever hangs up in the middle has been killed.
                thread::spawn(move || drop(converse(&stream, &state)));
            }
        });
        Ok(Self { port, state })
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn pause(&self, pause: Pause) {
        self.state.standing.store(0, Ordering::SeqCst);
        self.state.pause.store(pause as u8, Ordering::SeqCst);
    }

    pub fn stands_still(&self) -> bool {
        self.state.standing.load(Ordering::SeqCst) > 0
    }

    /// Messages by their identifier, with how often each came.
    pub fn taken(&self) -> HashMap<String, usize> {
        self.state
            .taken
            .lock()
            .expect("no conversation panics")
            .clone()
    }
}

fn converse(stream: &TcpStream, state: &State) -> io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    let mut say = |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    say("220 sink")?;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line
            .get(..4)
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "DATA" => {
                stand_still(state, Pause::BeforeDot, &mut reader)?;
                say("354 go on")?;
                let id = take(&mut reader)?;
                *state
                    .taken
                    .lock()
                    .expect("no conversation panics")
                    .entry(id)
                    .or_default() += 1;
                stand_still(state, Pause::AfterDot, &mut reader)?;
                say("250 taken")?;
            }
            "QUIT" => return say("221 goodbye"),
            _ => say("250 sink")?,
        }
    }
}

/// Until the other side hangs up, if it is time.
fn stand_still(state: &State, at: Pause, reader: &mut impl BufRead) -> io::Result<()> {
    if state.pause.load(Ordering::SeqCst) == at as u8 {
        state.standing.fetch_add(1, Ordering::SeqCst);
        reader.read_line(&mut String::new())?;
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    Ok(())
}

/// Reads a message to its dot; answers its identifier.
fn take(reader: &mut impl BufRead) -> io::Result<String> {
    let (mut line, mut id) = (String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(id);
        }
        if let Some(value) = line.strip_prefix("Message-ID:") {
            value.trim().clone_into(&mut id);
        }
    }
}
