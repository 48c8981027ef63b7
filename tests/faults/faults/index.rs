//! The indexes are copies: damaged, behind or gone, they come back by themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::crash::files;
use crate::client::Client;
use crate::customer::{Person, Request, acknowledged, search_by_text};
use crate::ledger::Ledger;
use crate::load::Load;
use crate::place::Place;
use crate::served::Served;
use crate::tools::{Dice, Outcome, ensure, is_over, seconds, wait_until};

/// What happens to the files of an index.
type Damage = fn(&Path) -> Outcome<()>;

const DAMAGES: [(&str, Damage); 5] = [
    ("no meta.json", |folder| {
        each(folder, "meta.json", |path| Ok(fs::remove_file(path)?))
    }),
    ("a byte flipped", |folder| {
        each(folder, "", |path| {
            let mut bytes = fs::read(path)?;
            let middle = bytes.len() / 2;
            if let Some(byte) = bytes.get_mut(middle) {
                *byte ^= 0x40;
            }
            replace(path, &bytes)
        })
    }),
    ("files cut", |folder| {
        each(folder, "", |path| {
            let bytes = fs::read(path)?;
            replace(path, &bytes[..bytes.len() / 2])
        })
    }),
    ("files empty", |folder| {
        each(folder, "", |path| replace(path, b""))
    }),
    ("all gone", |folder| {
        for entry in fs::read_dir(folder)? {
            fs::remove_dir_all(entry?.path())?;
        }
        Ok(())
    }),
];

fn each(folder: &Path, ending: &str, damage: impl Fn(&Path) -> Outcome<()>) -> Outcome<()> {
    let is_index =
        |path: &PathBuf| path.to_string_lossy().ends_with(ending) && !path.ends_with("writer.lock");
    files(folder)?
        .iter()
        .filter(|path| is_index(path))
        .try_for_each(|path| damage(path))
}

/// A new file in the old one's place: what is mapped stays as it was, as on a disk that lies.
fn replace(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let draft = path.with_extension("draft");
    fs::write(&draft, bytes)?;
    Ok(fs::rename(draft, path)?)
}

/// Files requests and sees that the desk finds them.
struct Searcher {
    client: Client,
    customer: Person,
    agent: Person,
    ledger: Ledger,
}

impl Searcher {
    fn new(port: u16) -> Outcome<Self> {
        Ok(Self {
            client: Client::new(port, 1),
            customer: Person::sign_in(port, "customer")?,
            agent: Person::sign_in(port, "agent0")?,
            ledger: Ledger::default(),
        })
    }

    fn at(&mut self, served: &Served) {
        self.client = Client::new(served.port, 1);
    }

    fn file(&mut self) -> Outcome<()> {
        let request = Request::new();
        let answer = self.customer.file(&mut self.client, &request)?;
        let reference = acknowledged(&answer).ok_or_else(|| format!("{} filing", answer.status))?;
        self.ledger.acknowledged.push((reference, request));
        Ok(())
    }

    /// Whether words of a text, which only the index knows, lead to its request. A search is always
    /// answered.
    fn finds(&mut self, reference: &str, request: &Request) -> Outcome<bool> {
        let path = search_by_text(request);
        let page = self.client.get(&path, &self.agent.cookie)?;
        ensure(page.status == 200, || {
            format!("{} at the search", page.status)
        })?;
        Ok(page.text().contains(reference))
    }

    /// Until all of them are found.
    fn finds_all(&mut self, most: Duration) -> Outcome<Duration> {
        let begun = Instant::now();
        for (reference, request) in self.ledger.acknowledged.clone() {
            while !self.finds(&reference, &request)? {
                ensure(!is_over(begun, most), || {
                    format!("{reference} is not found")
                })?;
                thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(begun.elapsed())
    }
}

/// What the indexes hold, compared with the database item by item, once what was filed last is in them.
fn parity(place: &Place) -> Outcome<String> {
    let mut told = Err("not compared".into());
    wait_until(
        "the indexes are what the database is",
        Duration::from_secs(20),
        || {
            told = place.run(&["search", "--check"]);
            told.is_ok()
        },
    )
    .map_err(|error| format!("{error}: {told:?}"))?;
    let told = told?;
    let requests = told.lines().find_map(|line| line.strip_prefix("requests"));
    Ok(requests.ok_or("no line on requests")?.trim().to_owned())
}

pub fn damaged(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let mut searcher = Searcher::new(served.port)?;
    for _ in 0..30 {
        searcher.file()?;
    }
    searcher.finds_all(Duration::from_secs(20))?;
    let (mut longest, index) = (Duration::ZERO, place.data().join("index"));
    for running in [false, true] {
        for (name, damage) in DAMAGES {
            if running {
                damage(&index)?;
                // What is filed has to go into the index, which finds out then.
                searcher.file()?;
            } else {
                served.kill()?;
                damage(&index)?;
                served = Served::start(place)?;
                searcher.at(&served);
            }
            let by_database = searcher
                .client
                .get("/desk/search?q=Canary", &searcher.agent.cookie)?;
            ensure(by_database.status == 200, || {
                format!("{} at the search, {name}", by_database.status)
            })?;
            let took = searcher.finds_all(Duration::from_secs(20));
            longest =
                longest.max(took.map_err(|error| format!("{name}, running {running}: {error}"))?);
            let articles = wait_until("articles are found", Duration::from_secs(20), || {
                let page = searcher
                    .client
                    .get("/api/v1/articles/search?lang=en&q=marzipan", "");
                page.is_ok_and(|page| page.text().contains("slug"))
            });
            articles.map_err(|error| format!("{name}, running {running}: {error}"))?;
        }
    }
    ensure(served.is_running(), || "it ended".to_owned())?;
    let parity = parity(place)?;
    let figure = searcher.ledger.verify(place)?;
    Ok(format!(
        "{} damages, search always answered, whole again after {} at most: {parity}; {figure}",
        2 * DAMAGES.len(),
        seconds(longest)
    ))
}

pub fn killed_before_commit(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let mut searcher = Searcher::new(served.port)?;
    let (mut dice, begun, mut aborts, mut kills) = (Dice::new(44), Instant::now(), 0, 0);
    while aborts + kills < 200 && begun.elapsed() < Duration::from_secs(75) {
        if (aborts + kills) % 2 == 0 {
            place.failpoint("index abort")?;
            // What the last kill left over may bring it about before there is an answer.
            let request = Request::new();
            match searcher.customer.file(&mut searcher.client, &request) {
                Ok(answer) => {
                    let reference = acknowledged(&answer);
                    let reference = reference.ok_or_else(|| format!("{} filing", answer.status))?;
                    searcher.ledger.acknowledged.push((reference, request));
                }
                Err(_) => searcher.ledger.unsure.push(request),
            }
            let status = served.ended(Duration::from_secs(10))?;
            ensure(!status.success(), || "it ended in order".to_owned())?;
            place.failpoint("")?;
            aborts += 1;
        } else {
            let load = Load {
                port: served.port,
                person: &searcher.customer.clone(),
                writers: 4,
                pause: Duration::ZERO,
            };
            let (loaded, ()) = load.during(|_| {
                thread::sleep(Duration::from_millis(dice.below(600)));
                served.kill()
            })?;
            searcher.ledger.absorb(loaded.ledger);
            kills += 1;
        }
        served = Served::start(place)?;
        searcher.at(&served);
    }
    searcher.finds_all(Duration::from_secs(30))?;
    let parity = parity(place)?;
    let figure = searcher.ledger.verify(place)?;
    Ok(format!(
        "{aborts} aborts before the commit, {kills} kills: {parity}; {figure}"
    ))
}
