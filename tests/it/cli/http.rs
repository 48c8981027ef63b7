//! Just enough of HTTP to talk to the served program.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&begin).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// All cookies that are set, as a browser sends them back.
    pub fn cookies(&self) -> Vec<(String, String)> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            .filter_map(|(_, cookie)| cookie.split(';').next()?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The cookie of somebody without a session.
    pub fn visitor(&self) -> String {
        let line = self.header("set-cookie").unwrap_or_default();
        line.split(';').next().unwrap_or_default().to_owned()
    }
}

pub fn get(port: u16, path: &str) -> io::Result<Answer> {
    send(port, &format!("GET {path} HTTP/1.1\r\n"), "", "")
}

/// As [`get`], for somebody with cookies.
pub fn get_as(port: u16, path: &str, cookie: &str) -> io::Result<Answer> {
    send(port, &format!("GET {path} HTTP/1.1\r\n"), cookie, "")
}

pub fn post(port: u16, path: &str, cookie: &str, body: &str) -> io::Result<Answer> {
    let first = format!(
        "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n",
        body.len()
    );
    send(port, &first, cookie, body)
}

/// Sends a form with one file, which is text.
pub fn post_file(
    port: u16,
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
    file: (&str, &str, &str),
) -> io::Result<Answer> {
    const BOUNDARY: &str = "the-end-of-a-part";
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    let (field, name, content) = file;
    body.push_str(&format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: text/plain\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"
    ));
    let first = format!(
        "POST {path} HTTP/1.1\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
         Content-Length: {}\r\n",
        body.len()
    );
    send(port, &first, cookie, &body)
}

fn send(port: u16, first: &str, cookie: &str, body: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let cookie = match cookie {
        "" => String::new(),
        cookie => format!("Cookie: {cookie}\r\n"),
    };
    write!(
        stream,
        "{first}Host: 127.0.0.1:{port}\r\nAccept-Language: en\r\n{cookie}Connection: close\r\n\r\n{body}"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let cut = || io::Error::new(io::ErrorKind::UnexpectedEof, "the answer was cut off");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Answer {
        status: status.ok_or_else(cut)?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
