//! What goes over the wire before anybody measures time.

use std::collections::BTreeSet;

use super::Outcome;
use super::client::Client;
use super::rows::{ACCEPT, size};

/// What a first visit transfers, in bytes with the heads of the answers: the page, and all of it
/// with everything that it asks for.
pub fn first_visit(client: &mut Client) -> Outcome<[usize; 2]> {
    let text = client.get("/", "Accept-Language: fr\r\n")?.text();
    let addresses: BTreeSet<&str> = ["/static/", "/brand/"]
        .into_iter()
        .flat_map(|root| text.split('"').filter(move |part| part.starts_with(root)))
        .filter_map(|address| address.split('#').next())
        .collect();
    let page = size(client.get("/", ACCEPT)?, 200)?;
    let mut all = page;
    for address in addresses {
        all += size(client.get(address, ACCEPT)?, 200)?;
    }
    Ok([page, all])
}
