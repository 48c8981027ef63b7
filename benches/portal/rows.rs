//! What people ask for, and how often: a few of everybody at once, so that the two cores that the
//! clients and the program share are never busy for long.

use std::io;
use std::time::Duration;

use super::Outcome;
use super::client::{Answer, Client, form};
use super::load::Ask;
use super::pages::Pages;
use super::people::People;
use super::world::{Served, World};

/// Sent along as browsers do.
pub const ACCEPT: &str = "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: fr\r\n";

/// What people look for: words, beginnings, typing mistakes, questions.
const SEARCHES: [&str; 16] = [
    "wifi lent",
    "coupure de la fibre",
    "mot de passe oublié",
    "conexion se coupe",
    "renvoyer les appels vers un mobile",
    "factur",
    "comment changer de compte bancaire ?",
    "box pro voyant orange",
    "code puk",
    "vpn refusé",
    "déménager une ligne",
    "pas de tonalité",
    "carte sim perdue",
    "resilier un contrat",
    "débit insuffisant le soir",
    "itinérance à l'étranger",
];
/// What of them is typed until it begins anew: more than is asked for in a run.
const BEGINNINGS: usize = 1_000;
/// Customers who look for something by turns: enough that none of them reaches the limit.
const SEEKERS: usize = 100;
/// What agents look for.
const DESK_SEARCHES: [&str; 4] = ["fibre coupure", "facture", "OR-15", "connexion tombe midi"];

/// The list that agents work off, and one that is long enough to have a hundredth page.
const QUEUE: &str = "/desk/views/open";
const LONG_QUEUE: &str = "/desk/views/open?status=closed";
/// What an article page is measured with.
pub const ARTICLE: &str = "/fr/articles/vpn-refuse";

/// A page, how often a second it is asked for, and how.
pub struct Row {
    pub name: &'static str,
    pub per_second: u32,
    /// What 99 of 100 answers have to stay under.
    pub target: Option<Duration>,
    pub ask: Box<Ask<'static>>,
    /// What is asked for as fast as it is answered, if anything.
    pub fast: Option<Pages>,
}

impl Row {
    pub fn new(name: &'static str, per_second: u32, ask: Box<Ask<'static>>) -> Self {
        Self {
            name,
            per_second,
            target: None,
            ask,
            fast: None,
        }
    }

    fn fast(mut self, pages: Pages) -> Self {
        self.fast = Some(pages);
        self
    }

    const fn within(mut self, milliseconds: u64) -> Self {
        self.target = Some(Duration::from_millis(milliseconds));
        self
    }
}

/// What visitors and customers look at.
pub fn portal(world: &World, served: &Served, people: &People) -> Outcome<Vec<Row>> {
    let customer = served.sign_in(&world.sign_ins.customer)?;
    let list = page(&mut served.client(), "/requests", &customer)?;
    let requests = below("/requests/", &references(&list, "/requests/")?);
    let requests = Pages::each(requests, &customer);
    let searches = searching("/fr/search?", SEARCHES.len(), whole);
    let searches = Pages::each(searches, "");
    let suggestions = searching("/api/v1/suggestions?lang=fr&", BEGINNINGS, beginning);
    let suggestions = Pages::each(suggestions, "");
    let seekers = &people.customers[..SEEKERS.min(people.customers.len())];
    Ok(vec![
        Row::new("portal's first page", 200, Pages::one("/fr", "").ask()),
        Row::new("article", 200, Pages::one(ARTICLE, "").ask()),
        Row::new("article search", 100, searches.ask())
            .within(10)
            .fast(searches.by(seekers)),
        Row::new("suggestions", 200, suggestions.ask())
            .within(5)
            .fast(suggestions.by(seekers)),
        Row::new(
            "customer's requests",
            50,
            Pages::one("/requests", &customer).ask(),
        ),
        Row::new("customer's request", 50, requests.ask()).fast(requests),
    ])
}

/// What agents look at.
pub fn desk(world: &World, served: &Served) -> Outcome<Vec<Row>> {
    let agent = served.sign_in(&world.sign_ins.agent)?;
    let mut client = served.client();
    let list = page(&mut client, LONG_QUEUE, &agent)?;
    let tickets = below("/desk/tickets/", &references(&list, "/desk/tickets/")?);
    let tickets = Pages::each(tickets, &agent);
    let first = Pages::one(LONG_QUEUE, &agent);
    let deep = Pages::one(&page_number(&mut client, &agent, 100)?, &agent);
    Ok(vec![
        Row::new("ticket at the desk", 50, tickets.ask()).fast(tickets),
        Row::new("queue of open tickets", 50, Pages::one(QUEUE, &agent).ask()).within(15),
        Row::new("queue of closed tickets, first page", 50, first.ask())
            .within(15)
            .fast(first),
        Row::new("queue of closed tickets, 100th page", 50, deep.ask())
            .within(15)
            .fast(deep),
    ])
}

/// An agent who looks for tickets.
pub fn desk_search(world: &World, served: &Served, people: &People) -> Outcome<Row> {
    let agent = served.sign_in(&world.sign_ins.agent)?;
    let typed = |number: usize| DESK_SEARCHES[number].to_owned();
    let searches = searching("/desk/search?", DESK_SEARCHES.len(), typed);
    let searches = Pages::each(searches, &agent);
    Ok(Row::new("ticket search", 40, searches.ask()).fast(searches.by(&people.agents)))
}

/// The size of an answer, which has to have this status.
pub fn size(answer: Answer, status: u16) -> io::Result<usize> {
    if answer.status == status {
        return Ok(answer.head.len() + answer.body.len());
    }
    Err(io::Error::other(format!(
        "{} instead of {status}",
        answer.status
    )))
}

/// Addresses with what so many people typed, one after the other.
fn searching(path: &str, people: usize, typed: fn(usize) -> String) -> Vec<String> {
    (0..people)
        .map(|number| format!("{path}{}", form(&[("q", &typed(number))])))
        .collect()
}

/// Pages below an address.
fn below(root: &str, list: &[String]) -> Vec<String> {
    list.iter().map(|name| format!("{root}{name}")).collect()
}

fn whole(number: usize) -> String {
    SEARCHES[number % SEARCHES.len()].to_owned()
}

/// As far as somebody has typed: two letters, three, …
fn beginning(number: usize) -> String {
    let words = SEARCHES[number % SEARCHES.len()];
    let letters = words.chars().count() - 1;
    words
        .chars()
        .take(2 + number / SEARCHES.len() % letters)
        .collect()
}

fn page(client: &mut Client, path: &str, who: &str) -> Outcome<String> {
    let answer = client.get(path, who)?;
    match answer.status {
        200 => Ok(answer.text()),
        other => Err(format!("{other} at {path}").into()),
    }
}

/// References linked from a page.
fn references(page: &str, root: &str) -> Outcome<Vec<String>> {
    let mut found: Vec<String> = page
        .split(&format!("\"{root}OR-"))
        .skip(1)
        .filter_map(|rest| rest.split(['"', '?', '/']).next())
        .map(|number| format!("OR-{number}"))
        .collect();
    found.dedup();
    if found.is_empty() {
        return Err(format!("no link to {root}").into());
    }
    Ok(found)
}

/// The address of a page of the long list, by going there from the first.
fn page_number(client: &mut Client, agent: &str, number: usize) -> Outcome<String> {
    let mut path = LONG_QUEUE.to_owned();
    for at in 1..number {
        let text = page(client, &path, agent)?;
        let (before, _) = text
            .split_once("rel=\"next\"")
            .ok_or_else(|| format!("the list ends at page {at}"))?;
        let link = before.rsplit("href=\"").next().unwrap_or_default();
        let next = link.split('"').next().unwrap_or_default();
        path = next.replace("&amp;", "&");
    }
    Ok(path)
}
