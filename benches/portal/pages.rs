//! Pages that are asked for by turns, by our client or by `wrk`.

use super::load::Ask;
use super::rows::{ACCEPT, size};

/// Addresses, and the people who ask for them.
#[derive(Clone)]
pub struct Pages {
    paths: Vec<String>,
    /// Their cookies as header lines; a guest has none.
    who: Vec<String>,
}

impl Pages {
    /// Always the same one.
    pub fn one(path: &str, who: &str) -> Self {
        Self::each(vec![path.to_owned()], who)
    }

    /// One after the other.
    pub fn each(paths: Vec<String>, who: &str) -> Self {
        Self {
            paths,
            who: vec![who.to_owned()],
        }
    }

    /// Asked for by the people of these sessions by turns, if there are any: what each may look for
    /// in a second is limited.
    pub fn by(mut self, sessions: &[String]) -> Self {
        let cookie = |secret| format!("Cookie: guichet_session={secret}\r\n");
        if !sessions.is_empty() {
            self.who = sessions.iter().map(cookie).collect();
        }
        self
    }

    /// For our client. Everything but the page itself is an error.
    pub fn ask(&self) -> Box<Ask<'static>> {
        let headers = self.who.iter().map(|who| format!("{ACCEPT}{who}"));
        let (paths, headers) = (self.paths.clone(), headers.collect::<Vec<_>>());
        Box::new(move |client, number| {
            let path = &paths[number % paths.len()];
            size(client.get(path, &headers[number % headers.len()])?, 200)
        })
    }

    /// The address and the cookies, if these are always the same.
    pub fn only(&self) -> Option<(&str, &str)> {
        match (self.paths.as_slice(), self.who.as_slice()) {
            ([path], [who]) => Some((path, who)),
            _ => None,
        }
    }

    /// Addresses and cookies until they begin anew, as `by_turns.lua` reads them.
    pub fn list(&self) -> String {
        let (paths, who) = (self.paths.len(), self.who.len());
        let ends = |number: &usize| number.is_multiple_of(paths) && number.is_multiple_of(who);
        let turns = (1..).find(ends).unwrap_or(paths);
        let line = |number: usize| {
            let who = self.who[number % who].trim();
            let cookies = who.strip_prefix("Cookie: ").unwrap_or_default();
            format!("{}\t{cookies}\n", self.paths[number % paths])
        };
        (0..turns).map(line).collect()
    }
}
