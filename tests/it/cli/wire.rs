//! A connection whose bytes the test chooses.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// What an HTTP/1.1 client must say, and no more.
pub const HOST: &str = "Host: portal.example\r\n";

/// How long an answer may take before the test fails: far longer than any deadline in it.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open connection.
pub struct Wire {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer, byte by byte.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Its head, without what differs from one answer to the next.
    pub fn stable_head(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.head.lines().map(str::to_lowercase).collect();
        lines.retain(|line| !line.starts_with("date:") && !line.starts_with("x-request-id:"));
        lines.sort();
        lines
    }
}

impl Wire {
    pub fn open(port: u16) -> Self {
        Self::open_from([127, 0, 0, 1], port)
    }

    /// As [`Wire::open`], from another address of this machine.
    pub fn open_from(source: [u8; 4], port: u16) -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket
            .bind(&SocketAddr::from((source, 0)).into())
            .expect("an address of this machine");
        socket
            .connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())
            .expect("it listens");
        let stream = TcpStream::from(socket);
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time above zero");
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    /// Sends bytes. Whether the other side still wants them shows in its answer.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let _ = self.stream.write_all(bytes.as_ref());
        self
    }

    /// Sends bytes, and says whether that was still possible.
    pub fn try_say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// The next answer, with its body.
    #[track_caller]
    pub fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        let length = answer.header("content-length");
        let length: usize = length.and_then(|n| n.parse().ok()).expect("a length");
        while self.unread.len() < length {
            assert!(self.more(), "the body of {answer:?} was cut off");
        }
        answer.body = self.unread.drain(..length).collect();
        answer
    }

    /// The head of the next answer, whose body is left where it is.
    #[track_caller]
    pub fn head(&mut self) -> Answer {
        let end = loop {
            let end = self.unread.windows(4).position(|four| four == b"\r\n\r\n");
            match end {
                Some(end) => break end + 4,
                None => assert!(self.more(), "no answer but {:?}", self.so_far()),
            }
        };
        let head: Vec<u8> = self.unread.drain(..end).collect();
        let head = String::from_utf8(head).expect("heads are text");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer {
            status: status.unwrap_or_else(|| panic!("a status in {head:?}")),
            head,
            body: Vec::new(),
        }
    }

    /// Waits for the other side to end the connection; everything it says until then.
    #[track_caller]
    pub fn ended(&mut self) -> String {
        while self.more() {}
        self.so_far()
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.unread).into_owned()
    }

    /// Reads on; says whether there was more.
    #[track_caller]
    fn more(&mut self) -> bool {
        let mut bytes = vec![0; 1 << 16];
        match self.stream.read(&mut bytes) {
            Ok(length) => {
                self.unread.extend_from_slice(&bytes[..length]);
                length > 0
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("{error} after {:?}", self.so_far()),
        }
    }
}

/// Asks for a page and keeps the connection.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{HOST}\r\n")
}

/// Asks for a page, and that the connection end with it.
pub fn last_get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")
}
