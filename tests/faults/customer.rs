//! Somebody who is signed in and sends forms.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::client::{Answer, Client, form};
use super::place::PASSWORD;
use super::tools::{Outcome, ensure, step};

/// Numbers what is filed, so that each is told from all others.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A request as its sender knows it.
#[derive(Clone, Debug)]
pub struct Request {
    pub key: String,
    pub subject: String,
    pub body: String,
    /// SHA-256 of the file that was sent with it.
    pub file: Option<String>,
}

impl Request {
    /// One that nobody has sent before. Its words occur nowhere else.
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let words = (0..20 + number % 40).map(|word| format!("w{}", word * number % 977));
        Self {
            key: format!("fault-{number}"),
            subject: format!("Canary zq{number}x"),
            body: format!("Body zq{number}x. {}", words.collect::<Vec<_>>().join(" ")),
            file: None,
        }
    }
}

#[derive(Clone)]
pub struct Person {
    pub cookie: String,
    pub csrf: String,
    /// Value of the first kind of request.
    kind: String,
}

impl Person {
    pub fn sign_in(port: u16, name: &str) -> Outcome<Self> {
        step();
        let mut client = Client::new(port, 0);
        let page = client.get("/sign-in", "")?;
        let cookie = format!("Cookie: {}\r\n", page.cookies());
        let email = format!("{name}@faults.example");
        let fields = [
            ("csrf", page.hidden("csrf")),
            ("email", email),
            ("password", PASSWORD.to_owned()),
        ];
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = client.post("/sign-in", &cookie, &form(&fields))?;
        ensure(answer.status == 303, || {
            format!("{} signing in", answer.status)
        })?;
        let cookie = format!("Cookie: {}\r\n", answer.cookies());
        let page = client.get("/requests/new", &cookie)?;
        let text = page.text();
        let kind = text
            .split("name=\"request_type\" value=\"")
            .nth(1)
            .unwrap_or_default();
        Ok(Self {
            csrf: page.hidden("csrf"),
            kind: kind.split('"').next().unwrap_or_default().to_owned(),
            cookie,
        })
    }

    /// Sends a request.
    pub fn file(&self, client: &mut Client, request: &Request) -> io::Result<Answer> {
        step();
        client.post("/requests", &self.cookie, &form(&self.fields(request)))
    }

    /// Sends a request with one file, and notes in it what the file holds.
    pub fn file_with(
        &self,
        client: &mut Client,
        request: &mut Request,
        content: &str,
    ) -> io::Result<Answer> {
        step();
        request.file = Some(HEXLOWER.encode(&Sha256::digest(content)));
        let (head, body) = self.multipart(client, request, content);
        client.exchange(&(head + &body))
    }

    /// Head and body of a request with one file.
    pub fn multipart(&self, client: &Client, request: &Request, content: &str) -> (String, String) {
        const BOUNDARY: &str = "the-end-of-a-part";
        let mut body = String::new();
        for (name, value) in self.fields(request) {
            body += &format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        body += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"log.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"
        );
        let head = format!(
            "POST /requests HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}Content-Type: multipart/form-data; \
             boundary={BOUNDARY}\r\nContent-Length: {}\r\n\r\n",
            client.port(),
            self.cookie,
            body.len()
        );
        (head, body)
    }

    fn fields<'a>(&'a self, request: &'a Request) -> [(&'a str, &'a str); 5] {
        [
            ("csrf", &self.csrf),
            ("key", &request.key),
            ("request_type", &self.kind),
            ("subject", &request.subject),
            ("body", &request.body),
        ]
    }
}

/// The reference that an answer acknowledges, if it does.
pub fn acknowledged(answer: &Answer) -> Option<String> {
    let location = answer.header("location").filter(|_| answer.status == 303)?;
    location.strip_prefix("/requests/").map(str::to_owned)
}

/// A search at the desk that only the index answers with this request: the database alone finds what
/// a subject begins with.
pub fn search_by_text(request: &Request) -> String {
    let word = request.subject.rsplit(' ').next().unwrap_or_default();
    format!("/desk/search?q=body+{word}")
}
