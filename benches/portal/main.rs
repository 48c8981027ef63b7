//! How fast the portal is on this machine, beside what the web framework and the disk can do.
//!
//! `scripts/bench` runs it and keeps the table in `docs/benchmarks.md`.

mod client;
mod disk;
mod grown;
mod load;
mod report;
mod world;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use client::{Client, form};
use load::{Ask, as_fast_as_answered, at_rate};
use report::{Closed, Line, Report};
use world::{Served, World, free_port};

/// How long each load lasts.
const TIME: Duration = Duration::from_secs(10);
/// Clients of a load at a constant rate.
const CLIENTS: usize = 16;
/// Who writes at the same time.
const WRITERS: usize = 8;

/// What people look for: words, a prefix, a typing mistake, a question.
const SEARCHES: [&str; 8] = [
    "wifi lent",
    "coupure de la fibre",
    "mot de passe oublié",
    "conexion se coupe",
    "renvoyer les appels vers un mobile",
    "factur",
    "comment changer de compte bancaire ?",
    "box pro voyant orange",
];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|word| word == "hello") {
        return hello();
    }
    // `cargo test --benches` and the like only want to see that it builds.
    if !arguments.iter().any(|word| word == "--bench") {
        return Ok(());
    }
    let number = |key: &str, default: usize| {
        std::env::var(key).map_or(Ok(default), |value| value.parse::<usize>())
    };
    let (tickets, articles, many) = (
        number("BENCH_TICKETS", 20_000)?,
        number("BENCH_ARTICLES", 1_000)?,
        number("BENCH_MANY_TICKETS", 500_000)?,
    );
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    eprintln!("making {tickets} tickets and {articles} articles, once");
    let world = World::of(&root, tickets, articles)?;
    let mut report = measure(&world, tickets, articles)?;
    eprintln!("making {many} tickets of them, once");
    let grown = world.grown(&root, many)?;
    report.grown = (many, desk_pages(&grown, &grown.serve()?)?);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/benchmarks.md");
    report.write(&target)?;
    eprintln!("written to {}", target.display());
    Ok(())
}

/// The least that the framework can do: what everything else is compared with.
fn hello() -> Outcome<()> {
    #[rocket::get("/")]
    const fn hello() -> &'static str {
        "Hello, world!"
    }
    let port = free_port()?;
    let figment = rocket::Config::figment()
        .merge(("port", port))
        .merge(("log_level", "off"));
    let liftoff = rocket::fairing::AdHoc::on_liftoff("tell", move |_| {
        println!("listens on {port}");
        Box::pin(async {})
    });
    let rocket = rocket::custom(figment)
        .mount("/", rocket::routes![hello])
        .attach(liftoff);
    rocket::execute(rocket.launch()).map_err(|error| error.to_string())?;
    Ok(())
}

/// A program that is stopped when it is no longer needed.
struct Hello {
    child: Child,
    port: u16,
}

impl Hello {
    fn start() -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("hello")
            .stdout(Stdio::piped())
            .spawn()?;
        let port = world::port_told(&mut child)?;
        Ok(Self { child, port })
    }
}

impl Drop for Hello {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the framework's hello could not be stopped: {error}");
        }
    }
}

fn measure(world: &World, tickets: usize, articles: usize) -> Outcome<Report> {
    let mut report = Report::new(tickets, articles);
    // The first start takes in the articles; the second finds its indexes warm.
    let served = world.serve()?;
    wait_for_articles(&served)?;
    drop(served);
    let served = world.serve()?;
    report.ready = served.ready;
    report.resident_idle = served.resident();
    report.home = home_on_the_wire(&served)?;
    let hello = Hello::start()?;
    report.closed.push(closed("bare hello", hello.port, "/"));
    drop(hello);
    for (name, path) in [("home", "/fr"), ("article", "/fr/articles/vpn-refuse")] {
        report.closed.push(closed(name, served.port, path));
    }
    read_pages(world, &served, &mut report)?;
    write_requests(world, &served, &mut report)?;
    report.resident_loaded = served.resident();
    report.disk = world.disk()?;
    Ok(report)
}

fn closed(name: &'static str, port: u16, path: &str) -> Closed {
    let ask = |client: &mut Client, _| status(client, path, "Accept-Encoding: br\r\n");
    Closed {
        name,
        measured: as_fast_as_answered(port, TIME, 8, &ask),
        wrk: report::wrk(port, path),
    }
}

fn status(client: &mut Client, path: &str, headers: &str) -> std::io::Result<u16> {
    Ok(client.get(path, headers)?.status)
}

/// The index holds an article of ours as soon as all are in.
fn wait_for_articles(served: &Served) -> Outcome<()> {
    let mut client = Client::new(served.port, 0);
    for _ in 0..600 {
        let found = client.get("/api/v1/articles/search?lang=fr&q=site+2+vpn", "")?;
        if found.text().contains("slug") {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err("the articles were never found".into())
}

/// What a first visit transfers: the page and everything that it asks for, in bytes.
fn home_on_the_wire(served: &Served) -> Outcome<usize> {
    let mut client = Client::new(served.port, 0);
    let accept = "Accept-Encoding: br\r\nAccept-Language: fr\r\n";
    let page = client.get("/", "Accept-Language: fr\r\n")?.text();
    let mut addresses: Vec<&str> = page
        .split("\"/static/")
        .skip(1)
        .filter_map(|rest| rest.split(['"', '#']).next())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    let mut size = |path: &str| -> Outcome<usize> {
        let answer = client.get(path, accept)?;
        Ok(answer.head.len() + answer.body.len())
    };
    let mut total = size("/")?;
    for address in addresses {
        total += size(&format!("/static/{address}"))?;
    }
    Ok(total)
}

/// A page, how often a second it is asked for, and how.
type Load<'a> = (&'static str, u32, Box<Ask<'a>>);

fn read_pages(world: &World, served: &Served, report: &mut Report) -> Outcome<()> {
    let customer = served.sign_in(&world.sign_ins.customer)?;
    let requests = Client::new(served.port, 0).get("/requests", &customer)?;
    let requests = references(&requests.text(), "/requests/");
    let search = |path: &'static str| {
        move |client: &mut Client, number: usize| {
            let words = form(&[("q", SEARCHES[number % SEARCHES.len()])]);
            status(client, &format!("{path}{words}"), "")
        }
    };
    let loads: Vec<Load<'_>> = vec![
        ("portal's first page", 200, fixed("/fr".into(), "")),
        ("article", 400, fixed("/fr/articles/vpn-refuse".into(), "")),
        ("article search", 50, Box::new(search("/fr/search?"))),
        (
            "suggestions",
            200,
            Box::new(search("/api/v1/suggestions?lang=fr&")),
        ),
        (
            "customer's request",
            50,
            one_of("/requests/", requests, &customer),
        ),
    ];
    report.lines.extend(run(served, loads));
    report.lines.extend(desk_pages(world, served)?);
    let agent = served.sign_in(&world.sign_ins.agent)?;
    let searched = fixed("/desk/search?q=fibre+coupure".into(), &agent);
    let search = run(served, vec![("ticket search", 30, searched)]);
    report.lines.extend(search);
    Ok(())
}

/// What agents look at.
fn desk_pages(world: &World, served: &Served) -> Outcome<Vec<Line>> {
    let agent = served.sign_in(&world.sign_ins.agent)?;
    let mut client = Client::new(served.port, 0);
    let tickets = references(
        &client.get("/desk/views/solved", &agent)?.text(),
        "/desk/tickets/",
    );
    let deep = page_number(&mut client, &agent, 100)?;
    Ok(run(
        served,
        vec![
            (
                "ticket at the desk",
                50,
                one_of("/desk/tickets/", tickets, &agent),
            ),
            (
                "queue, first page",
                30,
                fixed("/desk/views/solved".into(), &agent),
            ),
            ("queue, 100th page", 30, fixed(deep, &agent)),
        ],
    ))
}

fn run(served: &Served, loads: Vec<Load<'_>>) -> Vec<Line> {
    let line = |(name, rate, ask): Load<'_>| {
        eprintln!("{name}, {rate} a second");
        Line {
            name,
            rate,
            measured: at_rate(served.port, rate, TIME, CLIENTS, &*ask),
        }
    };
    loads.into_iter().map(line).collect()
}

/// Always the same page.
fn fixed(path: String, who: &str) -> Box<Ask<'static>> {
    let who = who.to_owned();
    Box::new(move |client, _| status(client, &path, &who))
}

/// One page after the other.
fn one_of(root: &'static str, list: Vec<String>, who: &str) -> Box<Ask<'static>> {
    let who = who.to_owned();
    Box::new(move |client, number| {
        let path = format!("{root}{}", list[number % list.len()]);
        status(client, &path, &who)
    })
}

/// References linked from a page.
fn references(page: &str, root: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split(&format!("\"{root}OR-"))
        .skip(1)
        .filter_map(|rest| rest.split(['"', '?', '/']).next())
        .map(|number| format!("OR-{number}"))
        .collect();
    found.dedup();
    found
}

/// The address of a page of the list of all solved tickets, by going there from the first.
fn page_number(client: &mut Client, agent: &str, number: usize) -> Outcome<String> {
    let mut path = "/desk/views/solved".to_owned();
    for _ in 1..number {
        let page = client.get(&path, agent)?.text();
        let link = page.split("rel=\"next\"").next().unwrap_or_default();
        let Some(next) = page
            .contains("rel=\"next\"")
            .then(|| link.rsplit("href=\"").next().unwrap_or_default())
            .and_then(|rest| rest.split('"').next())
        else {
            break;
        };
        path = next.replace("&amp;", "&");
    }
    Ok(path)
}

/// Requests filed by customers at the same time, each durable before it is answered.
fn write_requests(world: &World, served: &Served, report: &mut Report) -> Outcome<()> {
    let cookie = served.sign_in(&world.sign_ins.customer)?;
    let page = Client::new(served.port, 0).get("/requests/new", &cookie)?;
    let kind = page.text();
    let kind = kind
        .split("name=\"request_type\" value=\"")
        .nth(1)
        .unwrap_or_default();
    let kind = kind.split('"').next().unwrap_or_default().to_owned();
    let token = page.hidden("csrf");
    let run = std::process::id();
    let file = |client: &mut Client, number: usize| {
        let key = format!("bench-{run}-{number}");
        let form = form(&[
            ("csrf", token.as_str()),
            ("key", key.as_str()),
            ("request_type", kind.as_str()),
            ("subject", "La connexion se coupe toutes les vingt minutes"),
            (
                "body",
                "Bonjour, depuis 11 h 30 la connexion tombe **toutes les vingt minutes**.",
            ),
        ]);
        Ok(client.post("/requests", &cookie, &form)?.status)
    };
    eprintln!("requests filed by {WRITERS} at once");
    report.syncs = disk::syncs_per_second(&world.data(), WRITERS, TIME / 2)?;
    report.submits = as_fast_as_answered(served.port, TIME, WRITERS, &file);
    report.writers = WRITERS;
    let measured = at_rate(served.port, 25, TIME, CLIENTS, &|client, number| {
        file(client, number + 1_000_000)
    });
    report.lines.push(Line {
        name: "request filed",
        rate: 25,
        measured,
    });
    Ok(())
}
