//! Requests that many customers file at the same time, each durable before it is answered.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Outcome;
use super::client::{Client, form};
use super::load::Ask;
use super::rows::{ACCEPT, size};
use super::world::Served;

/// What the row is called.
pub const NAME: &str = "request filed";
/// The same on a disk that takes its time.
pub const SLOW_NAME: &str = "request filed, on a slow disk";
/// Nobody may file more than this in a short time, so it takes many.
const REQUESTS_EACH: usize = 29;

/// What it takes to file in somebody's name.
struct Customer {
    headers: String,
    token: String,
    kind: String,
}

/// Files requests, each customer as many as they may. Those of another `run` are others: a form that
/// was taken before would only be answered again.
pub fn filing(
    served: &Served,
    sessions: &[String],
    run: &'static str,
) -> Outcome<Box<Ask<'static>>> {
    let mut client = served.client();
    let customers = sessions
        .iter()
        .map(|secret| Customer::open_form(&mut client, secret))
        .collect::<Outcome<Vec<_>>>()?;
    let (process, filed) = (std::process::id(), AtomicUsize::new(0));
    Ok(Box::new(move |client, _| {
        let number = filed.fetch_add(1, Ordering::Relaxed);
        let customer = customers
            .get(number / REQUESTS_EACH)
            .ok_or_else(|| io::Error::other("every customer has filed all they may"))?;
        let form = form(&[
            ("csrf", &customer.token),
            ("key", &format!("bench-{process}-{run}-{number}")),
            ("request_type", &customer.kind),
            ("subject", "La connexion se coupe toutes les vingt minutes"),
            (
                "body",
                "Bonjour, depuis 11 h 30 la connexion tombe **toutes les vingt minutes**.",
            ),
        ]);
        size(client.post("/requests", &customer.headers, &form)?, 303)
    }))
}

impl Customer {
    fn open_form(client: &mut Client, secret: &str) -> Outcome<Self> {
        let headers = format!("{ACCEPT}Cookie: guichet_session={secret}\r\n");
        let page = client.get(
            "/requests/new",
            &format!("Cookie: guichet_session={secret}\r\n"),
        )?;
        let text = page.text();
        let kind = text
            .split("name=\"request_type\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .ok_or("no form for requests")?;
        Ok(Self {
            token: page.hidden("csrf"),
            kind: kind.to_owned(),
            headers,
        })
    }
}
