//! A disk that is full, or that fails.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::client::{Answer, Client};
use crate::customer::{Person, Request, acknowledged, search_by_text};
use crate::ledger::{Ledger, count, sound};
use crate::load::Load;
use crate::place::Place;
use crate::served::Served;
use crate::tools::{
    Outcome, Strace, ensure, fill, mount_small, need_root, run, seconds, wait_until,
};

/// The program, and somebody who files requests with it.
struct Scene {
    served: Served,
    person: Person,
    client: Client,
    ledger: Ledger,
}

impl Scene {
    fn new(place: &Place) -> Outcome<Self> {
        place.start_cluster("")?;
        let served = Served::start(place)?;
        let person = Person::sign_in(served.port, "customer")?;
        let client = Client::new(served.port, 1);
        Ok(Self {
            served,
            person,
            client,
            ledger: Ledger::default(),
        })
    }

    /// Files a request; the answer to one that was not taken comes back.
    fn file(&mut self, content: Option<&str>) -> Outcome<Option<(Answer, Request)>> {
        let mut request = Request::new();
        let answer = match content {
            Some(content) => self
                .person
                .file_with(&mut self.client, &mut request, content)?,
            None => self.person.file(&mut self.client, &request)?,
        };
        match acknowledged(&answer) {
            Some(reference) => self.ledger.acknowledged.push((reference, request)),
            None => {
                self.ledger.unsure.push(request.clone());
                return Ok(Some((answer, request)));
            }
        }
        Ok(None)
    }

    fn must_be_taken(&mut self, when: &str, content: Option<&str>) -> Outcome<()> {
        match self.file(content)? {
            Some((answer, _)) => Err(format!("{} {when}", answer.status).into()),
            None => Ok(()),
        }
    }

    /// A request is refused with 503, its text is given back, and pages are still read.
    fn must_be_refused(&mut self, content: Option<&str>) -> Outcome<()> {
        let (answer, request) = self.file(content)?.ok_or("it was taken")?;
        ensure(answer.status == 503, || {
            format!("{} instead of 503", answer.status)
        })?;
        ensure(answer.header("retry-after").is_some(), || {
            "no Retry-After".to_owned()
        })?;
        ensure(answer.text().contains(&request.body), || {
            "the text was not given back".to_owned()
        })?;
        self.reads_go_on()
    }

    fn reads_go_on(&mut self) -> Outcome<()> {
        for path in ["/", "/en/articles", "/requests", "/en/search?q=marzipan"] {
            let status = self.client.get(path, &self.person.cookie)?.status;
            ensure(status == 200, || format!("{status} at {path}"))?;
        }
        Ok(())
    }

    /// From now until a request is taken again, without a restart.
    fn recovers(&mut self, content: Option<&str>) -> Outcome<Duration> {
        let mut failure = None;
        let took = wait_until(
            "requests are taken again",
            Duration::from_secs(15),
            || match self.file(content) {
                Ok(None) => true,
                Ok(Some((answer, _))) => {
                    failure = Some(answer.status);
                    thread::sleep(Duration::from_millis(200));
                    false
                }
                Err(_) => false,
            },
        );
        took.map_err(|error| format!("{error}, last answer {failure:?}").into())
    }
}

/// Puts a folder of the data on a memory disk, with what it held.
fn on_small_disk(place: &Place, name: &str, megabytes: u32) -> Outcome<std::path::PathBuf> {
    need_root()?;
    let folder = place.data().join(name);
    let before = place.folder.join("before");
    fs::create_dir_all(&folder)?;
    run(std::process::Command::new("cp")
        .arg("-a")
        .arg(&folder)
        .arg(&before))?;
    mount_small(&folder, megabytes)?;
    run(std::process::Command::new("cp")
        .arg("-a")
        .arg(before.join("."))
        .arg(&folder))?;
    Ok(folder)
}

pub fn full(place: &Place) -> Outcome<String> {
    let folder = on_small_disk(place, "", 48)?;
    let mut scene = Scene::new(place)?;
    for _ in 0..20 {
        scene.must_be_taken("with room", None)?;
    }
    let mut longest = Duration::ZERO;
    let mut refused = 0;
    for _ in 0..3 {
        let ballast = fill(&folder)?;
        // What there is room for in the files that exist is still taken.
        let mut taken = 0;
        while scene.file(None)?.is_none() {
            taken += 1;
            ensure(taken < 3000, || "the disk was never full".to_owned())?;
        }
        for _ in 0..20 {
            scene.must_be_refused(None)?;
            scene.must_be_refused(Some("a file"))?;
            refused += 2;
        }
        fs::remove_file(ballast)?;
        longest = longest.max(scene.recovers(None)?);
        scene.must_be_taken("after there was room again", Some("a file"))?;
    }
    ensure(scene.served.is_running(), || "it ended".to_owned())?;
    let figure = scene.ledger.verify(place)?;
    Ok(format!(
        "{refused} refused with 503 and their text; {figure}; taken again after {}, restarts 0",
        seconds(longest)
    ))
}

pub fn attachments_full(place: &Place) -> Outcome<String> {
    let folder = on_small_disk(place, "blobs", 4)?;
    let mut scene = Scene::new(place)?;
    scene.must_be_taken("with room", Some("a first file"))?;
    let ballast = fill(&folder)?;
    for number in 0..10 {
        scene.must_be_refused(Some(&format!("file {number} ").repeat(2000)))?;
        scene.must_be_taken("without a file", None)?;
    }
    let query = "SELECT COUNT(*) AS n FROM attachments";
    let partial = count(&mut place.connect()?, query)? - 1;
    ensure(partial == 0, || format!("{partial} rows without a file"))?;
    fs::remove_file(ballast)?;
    let took = scene.recovers(Some(&"a later file ".repeat(2000)))?;
    let figure = scene.ledger.verify(place)?;
    Ok(format!(
        "10 with a file refused whole, 10 without taken, partial {partial}; {figure}; recovery {}",
        seconds(took)
    ))
}

/// F14: what a page of results says when the index may lack something, or cannot be asked.
const CAVEATS: [&str; 2] = ["Search may be incomplete", "Full search is being prepared"];

/// Every page that shows what the index of requests found.
struct Searches<'a> {
    client: Client,
    places: [(String, &'a Person); 3],
}

impl<'a> Searches<'a> {
    /// Searches for what only the index knows of a request.
    fn of(port: u16, request: &Request, agent: &'a Person, customer: &'a Person) -> Self {
        let word = request.subject.rsplit(' ').next().unwrap_or_default();
        Self {
            client: Client::new(port, 2),
            places: [
                (search_by_text(request), agent),
                (format!("/desk/views/open?q=body+{word}"), agent),
                (format!("/requests?q=body+{word}"), customer),
            ],
        }
    }

    /// How many of them say that they may lack something.
    fn warn(&mut self) -> Outcome<usize> {
        self.show(&CAVEATS)
    }

    /// How many of them show any of these words.
    fn show(&mut self, words: &[&str]) -> Outcome<usize> {
        let mut show = 0;
        for (path, person) in &self.places {
            let page = self.client.get(path, &person.cookie)?;
            ensure(page.status == 200, || format!("{} at {path}", page.status))?;
            let text = page.text();
            show += usize::from(words.iter().any(|words| text.contains(words)));
        }
        Ok(show)
    }
}

pub fn index_full(place: &Place) -> Outcome<String> {
    let folder = on_small_disk(place, "index", 8)?;
    let mut scene = Scene::new(place)?;
    scene.must_be_taken("with room", None)?;
    let ballast = fill(&folder)?;
    for _ in 0..100 {
        scene.must_be_taken("with a full disk for the index", None)?;
    }
    scene.reads_go_on()?;
    let agent = Person::sign_in(scene.served.port, "agent0")?;
    let acknowledged = scene.ledger.acknowledged.last();
    let (reference, newest) = acknowledged.ok_or("nothing was filed")?;
    let mut searches = Searches::of(scene.served.port, newest, &agent, &scene.person);
    let all = searches.places.len();
    wait_until(
        "searches say what they may lack",
        Duration::from_secs(20),
        || searches.warn().is_ok_and(|warn| warn == all),
    )?;
    // And they go on saying so, whichever round of whoever follows the database fails just now.
    for _ in 0..20 {
        let warn = searches.warn()?;
        ensure(warn == all, || {
            format!("{} of {all} searches say nothing any more", all - warn)
        })?;
        thread::sleep(Duration::from_millis(100));
    }
    ensure(searches.show(&[reference])? == 0, || {
        "the index was written all the same".to_owned()
    })?;
    fs::remove_file(ballast)?;
    let took = wait_until("the index has caught up", Duration::from_secs(20), || {
        searches.show(&[reference]).is_ok_and(|show| show == all)
    })?;
    wait_until(
        "searches say no more that they lack something",
        Duration::from_secs(10),
        || searches.warn().is_ok_and(|warn| warn == 0),
    )?;
    let figure = scene.ledger.verify(place)?;
    Ok(format!(
        "submit errors 0; {figure}; {all} of {all} searches say that they may lack something; found {} \
         after there was room, and said no more",
        seconds(took)
    ))
}

pub fn sync_fails(place: &Place) -> Outcome<String> {
    let mut scene = Scene::new(place)?;
    scene.must_be_taken("before", None)?;
    let log = place.folder.join("strace");
    let strace = Strace::attach(scene.served.pid(), "fsync,fdatasync", "error=EIO", &log)?;
    let mut refused = 0;
    for number in 0..20 {
        let content = (number % 2 == 0).then_some("a file");
        scene.must_be_refused(content)?;
        refused += 1;
    }
    let injected = strace.injected();
    drop(strace);
    ensure(injected > 0, || "no call failed".to_owned())?;
    // The disk is well again; what it holds is not known.
    for _ in 0..10 {
        scene.must_be_refused(None)?;
    }
    scene.served.kill()?;
    scene.served = Served::start(place)?;
    scene.client = Client::new(scene.served.port, 1);
    scene.must_be_taken("after the restart", Some("a file"))?;
    let figure = scene.ledger.verify(place)?;
    Ok(format!(
        "{refused} refused while it failed, 10 until the restart, false acknowledgements 0; {figure}"
    ))
}

/// F16: every so many writes fail. A group of four requests takes about thirty.
const STEPS: [usize; 12] = [1, 2, 3, 5, 7, 11, 17, 31, 47, 97, 149, 211];

/// F16: after the n-th write failed for another reason than room, nothing is written until a restart.
const EIO: [usize; 4] = [1, 3, 17, 97];

pub fn writes_fail(place: &Place) -> Outcome<String> {
    let full = writes_find_no_room(place)?;
    let broken = writes_find_a_fault(place)?;
    Ok(format!("ENOSPC: {full}; EIO: {broken}"))
}

fn writes_find_a_fault(place: &Place) -> Outcome<String> {
    const REFUSED: usize = 10;
    let mut scene = Scene::new(place)?;
    let mut injected = 0;
    for n in EIO {
        let log = place.folder.join("strace");
        // And again, in case the n-th was one that nothing depends on, as of a checkpoint.
        let what = format!("error=EIO:when={n}+{n}");
        let strace = Strace::attach(scene.served.pid(), "pwrite64", &what, &log)?;
        while scene.file(None)?.is_none() {
            ensure(strace.injected() <= n, || {
                format!("{n}: writes fail, and requests are taken")
            })?;
        }
        injected += strace.injected();
        ensure(strace.injected() > 0, || {
            format!("{n}: refused, and no write failed")
        })?;
        drop(strace);
        // The disk is well again; what it holds is not known.
        for number in 0..REFUSED {
            scene.must_be_refused((number % 2 == 0).then_some("a file"))?;
        }
        scene.served.kill()?;
        scene.served = Served::start(place)?;
        scene.client = Client::new(scene.served.port, 1);
        scene.must_be_taken("after the restart", Some("a file"))?;
        sound(&mut place.connect()?)?;
    }
    let figure = scene.ledger.verify(place)?;
    let rounds = EIO.len();
    Ok(format!(
        "{injected} failed writes, {REFUSED} of {REFUSED} refused until the restart and pages read, integrity \
         ok {rounds} of {rounds}, {figure}"
    ))
}

fn writes_find_no_room(place: &Place) -> Outcome<String> {
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, mut injected, mut checks) = (Ledger::default(), 0, 0);
    for (round, every) in STEPS.into_iter().enumerate() {
        let log = place.folder.join("strace");
        let what = format!("error=ENOSPC:when={}+{every}", round + 1);
        let strace = Strace::attach(served.pid(), "pwrite64", &what, &log)?;
        let load = Load {
            port: served.port,
            person: &person,
            writers: 4,
            pause: Duration::ZERO,
        };
        let (loaded, ()) = load.during(|_| {
            let most = if every < 50 { 50 } else { 10 };
            let enough = || strace.injected() >= most;
            wait_until("enough failures", Duration::from_secs(20), enough).map(drop)
        })?;
        injected += strace.injected();
        drop(strace);
        ledger.absorb(loaded.ledger);
        let (mut client, request) = (Client::new(served.port, 1), Request::new());
        let answer = person.file(&mut client, &request)?;
        let reference = acknowledged(&answer)
            .ok_or_else(|| format!("{} after round {round}", answer.status))?;
        ledger.acknowledged.push((reference, request));
        sound(&mut place.connect()?)?;
        checks += 1;
        if round % 4 == 3 {
            served.kill()?;
            served = Served::start(place)?;
        }
    }
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{injected} failed writes, integrity ok {checks} of {checks}, {} refused, {figure}",
        ledger.failed()
    ))
}
