//! A browser, as far as these tests need one: cookies, and the hidden fields of forms.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::cli::http::{self, Answer};

/// Somebody's browser.
pub struct Visitor {
    pub port: u16,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Visitor {
    pub fn new(port: u16) -> Self {
        Self {
            port,
            cookies: RefCell::default(),
        }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    fn header(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        pairs.join("; ")
    }

    fn keep(&self, answer: Answer) -> Answer {
        self.cookies.borrow_mut().extend(answer.cookies());
        answer
    }

    pub fn get(&self, path: &str) -> Answer {
        let answer = http::get_as(self.port, path, &self.header());
        self.keep(answer.expect("it answers"))
    }

    /// Sends the fields to an address with the token of a page.
    pub fn send(&self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (token, key) = (page.hidden("csrf"), page.hidden("key"));
        let guards = [("csrf", token.as_str()), ("key", key.as_str())];
        let pairs: Vec<String> = guards
            .iter()
            .chain(fields)
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let answer = http::post(self.port, path, &self.header(), &pairs.join("&"));
        self.keep(answer.expect("it answers"))
    }

    /// As [`Self::send`], with a file.
    pub fn send_file(
        &self,
        page: &Answer,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &str),
    ) -> Answer {
        let (token, key) = (page.hidden("csrf"), page.hidden("key"));
        let guards = [("csrf", token.as_str()), ("key", key.as_str())];
        let all = [&guards[..], fields].concat();
        let answer = http::post_file(self.port, path, &self.header(), &all, file);
        self.keep(answer.expect("it answers"))
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
