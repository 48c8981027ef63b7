//! Just enough of HTTP/1.1 to ask the same thing again and again on one connection, so that what
//! is measured is the program and not its client.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// One connection that is kept alive.
pub struct Client {
    port: u16,
    /// The address asked from: limits count each for itself.
    source: Ipv4Addr,
    stream: Option<BufReader<TcpStream>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The cookies that were set, as they are sent back.
    pub fn cookies(&self) -> String {
        let set = self.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie")
                .then(|| value.split(';').next().unwrap_or_default().trim())
        });
        set.collect::<Vec<_>>().join("; ")
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let rest = text.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let value = rest.and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().to_owned()
    }
}

impl Client {
    /// A client with a network address of its own: all of 127.0.0.0/8 is this machine.
    pub fn new(port: u16, number: usize) -> Self {
        let [_, _, high, low] = u32::try_from(number + 2).unwrap_or(2).to_be_bytes();
        Self {
            port,
            source: Ipv4Addr::new(127, 0, high, low),
            stream: None,
        }
    }

    #[allow(
        dead_code,
        reason = "the faults speak on connections of their own, too"
    )]
    pub const fn port(&self) -> u16 {
        self.port
    }

    pub fn get(&mut self, path: &str, headers: &str) -> io::Result<Answer> {
        let host = self.port;
        self.exchange(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\n{headers}\r\n"
        ))
    }

    pub fn post(&mut self, path: &str, headers: &str, form: &str) -> io::Result<Answer> {
        let (host, length) = (self.port, form.len());
        self.exchange(&format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        ))
    }

    /// Sends a request; a connection that the server has closed meanwhile is opened again once.
    pub fn exchange(&mut self, request: &str) -> io::Result<Answer> {
        let kept = self.stream.is_some();
        match self.try_exchange(request) {
            Err(_) if kept => {
                self.stream = None;
                self.try_exchange(request)
            }
            outcome => outcome,
        }
    }

    fn try_exchange(&mut self, request: &str) -> io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            closed => closed.insert(BufReader::new(connect(self.source, self.port)?)),
        };
        stream.get_mut().write_all(request.as_bytes())?;
        let answer = read(stream);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }
}

/// Fields as a form sends them.
pub fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn connect(source: Ipv4Addr, port: u16) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((source, 0)).into())?;
    socket.connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Answer> {
    let mut head = String::new();
    loop {
        let begin = head.len();
        if stream.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if &head[begin..] == "\r\n" {
            break;
        }
    }
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut answer = Answer {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        head,
        body: Vec::new(),
    };
    let length = answer.header("content-length");
    match length.and_then(|length| length.parse().ok()) {
        Some(length) => {
            answer.body = vec![0; length];
            stream.read_exact(&mut answer.body)?;
        }
        None if matches!(answer.status, 204 | 304) => {}
        None => return Err(io::Error::other("an answer of unknown length")),
    }
    Ok(answer)
}
