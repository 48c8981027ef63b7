//! Clients that take their time, or more than their share.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::http;
use super::program::{Place, free_port};
use super::wire::{HOST, Wire, get, last_get};

const PAGE: &str = "/en/articles";
/// Made anew for each visitor; [`PAGE`] is kept for guests and needs no program behind the front.
const FRESH: &str = "/requests/new";
/// As many as one address may have of the places below: the last fifth is for others.
const SLOW: usize = 800;
/// Far longer than any deadline that is set here.
const PATIENCE: Duration = Duration::from_secs(90);

/// One of many sockets that are never waited for.
struct Slow {
    stream: TcpStream,
    heard: Vec<u8>,
    is_open: bool,
}

impl Slow {
    fn open(port: u16) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream
            .write_all(b"GET / HTTP/1.1\r\nX: ")
            .expect("it listens");
        stream.set_nonblocking(true).expect("a socket");
        Self {
            stream,
            heard: Vec::new(),
            is_open: true,
        }
    }

    /// Sends a little more, and hears what there is to hear.
    fn drip(&mut self) {
        let mut bytes = [0; 1024];
        match self.stream.read(&mut bytes) {
            Ok(length) if length > 0 => self.heard.extend_from_slice(&bytes[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                // That it is closed shows when it is read.
                let _ = self.stream.write(b"a");
            }
            _ => self.is_open = false,
        }
    }
}

#[test]
fn slow_heads_are_cut_off_and_others_go_on() {
    allow_open_files(2 * SLOW as u64);
    let place = Place::new();
    let server = place.serve_at(
        free_port(),
        &[
            ("GUICHET_HEAD_TIMEOUT_SECONDS", "3"),
            ("GUICHET_MAX_CONNECTIONS", "1100"),
            ("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "1100"),
        ],
    );
    let begun = Instant::now();
    let mut slow: Vec<Slow> = (0..SLOW).map(|_| Slow::open(server.port)).collect();
    let mut answered = 0;
    while slow.iter().any(|slow| slow.is_open) {
        assert!(begun.elapsed() < PATIENCE, "some are never cut off");
        slow.iter_mut()
            .filter(|slow| slow.is_open)
            .for_each(Slow::drip);
        let page = http::get(server.port, FRESH).expect("it answers others");
        assert_eq!(page.status, 200);
        answered += 1;
    }
    assert!(answered > 1, "others were answered meanwhile");
    assert!(
        begun.elapsed() >= Duration::from_secs(3),
        "not before their time"
    );
    for slow in &slow {
        let heard = String::from_utf8_lossy(&slow.heard);
        assert!(heard.starts_with("HTTP/1.1 408 "), "{heard:?}");
    }
}

/// Each test process may open few files unless it asks.
fn allow_open_files(wanted: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        let asked = Rlimit {
            current: limit
                .maximum
                .map_or(Some(wanted), |most| Some(most.min(wanted))),
            ..limit
        };
        setrlimit(Resource::Nofile, asked).expect("the system allows so many files");
    }
}

#[test]
fn idle_connections_are_closed_without_a_word() {
    let place = Place::new();
    let server = place.serve_at(free_port(), &[("GUICHET_HEAD_TIMEOUT_SECONDS", "1")]);
    let mut fresh = Wire::open(server.port);
    let mut used = Wire::open(server.port);
    assert_eq!(used.say(get(PAGE)).answer().status, 200);
    assert_eq!(used.ended(), "");
    assert_eq!(fresh.ended(), "");
}

#[test]
fn stalled_and_dripping_bodies_are_cut_off() {
    let place = Place::new();
    let server = place.serve_at(free_port(), &[("GUICHET_TRANSFER_TIMEOUT_SECONDS", "1")]);
    let post = format!(
        "POST /requests HTTP/1.1\r\n{HOST}Content-Length: 1000\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    );
    let mut stalled = Wire::open(server.port);
    stalled.say(format!("{post}a=b"));
    let mut dripping = Wire::open(server.port);
    dripping.say(&post);
    let begun = Instant::now();
    while dripping.try_say("a") {
        assert!(begun.elapsed() < PATIENCE, "it is never cut off");
        thread::sleep(Duration::from_millis(50));
    }
    // The bytes that came too late may have swept the answer away on its way.
    let heard = dripping.ended();
    assert!(
        heard.is_empty() || heard.starts_with("HTTP/1.1 408 "),
        "{heard}"
    );
    let answer = stalled.answer();
    assert_eq!(answer.status, 408);
    assert_eq!(stalled.ended(), "");
    assert_eq!(
        http::get(server.port, PAGE).expect("it answers").status,
        200
    );
}

#[test]
fn one_who_takes_no_answer_loses_the_connection() {
    let place = Place::new();
    let server = place.serve_at(
        free_port(),
        &[
            ("GUICHET_TRANSFER_TIMEOUT_SECONDS", "1"),
            ("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "1"),
        ],
    );
    let home = http::get(server.port, "/").expect("it answers");
    let style = home.body.split('"').find(|text| text.ends_with(".css"));
    let style = style.expect("a style sheet");
    until_answered(server.port);
    let mut deaf = Wire::open(server.port);
    deaf.say(get(style).repeat(300));
    until_answered(server.port);
}

#[test]
fn one_address_has_its_share_and_no_more() {
    let place = Place::new();
    let server = place.serve_at(free_port(), &[("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "4")]);
    let mut share: Vec<Wire> = (0..4).map(|_| Wire::open(server.port)).collect();
    for wire in &mut share {
        assert_eq!(wire.say(get(PAGE)).answer().status, 200);
    }
    let mut fifth = Wire::open(server.port);
    let answer = fifth.say(get(PAGE)).answer();
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some());
    let kind = answer.header("content-type");
    assert_eq!(kind, Some("text/html; charset=utf-8"));
    let page = String::from_utf8(answer.body).expect("text");
    assert!(
        page.contains("href=\"/\"") && page.ends_with("</html>\n"),
        "{page}"
    );
    assert_eq!(fifth.ended(), "");
    for wire in &mut share {
        assert_eq!(wire.say(get(PAGE)).answer().status, 200, "they go on");
    }
    share.pop();
    until_answered(server.port);
}

#[test]
fn a_proxy_brings_more_than_one_share_and_not_more_than_all() {
    let place = Place::new();
    let server = place.serve_at(
        free_port(),
        &[
            ("GUICHET_MAX_CONNECTIONS", "6"),
            ("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "2"),
            ("GUICHET_TRUSTED_PROXIES", "127.0.0.1"),
        ],
    );
    let mut all: Vec<Wire> = (0..6).map(|_| Wire::open(server.port)).collect();
    for wire in &mut all {
        assert_eq!(wire.say(get(PAGE)).answer().status, 200);
    }
    assert_eq!(Wire::open(server.port).say(get(PAGE)).answer().status, 503);
    all.clear();
    until_answered(server.port);
}

#[test]
fn the_last_places_are_for_those_who_have_few() {
    let place = Place::new();
    let server = place.serve_at(
        free_port(),
        &[
            ("GUICHET_MAX_CONNECTIONS", "10"),
            ("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "10"),
        ],
    );
    let mut greedy: Vec<Wire> = (0..8).map(|_| Wire::open(server.port)).collect();
    for wire in &mut greedy {
        assert_eq!(wire.say(get(PAGE)).answer().status, 200);
    }
    assert_eq!(Wire::open(server.port).say(get(PAGE)).answer().status, 503);
    let mut other = Wire::open_from([127, 0, 0, 9], server.port);
    assert_eq!(other.say(get(PAGE)).answer().status, 200);
    greedy.clear();
    until_answered(server.port);
}

#[test]
fn who_waits_for_nothing_makes_room() {
    makes_room(|wire| assert_eq!(wire.say(get(PAGE)).answer().status, 200));
}

#[test]
fn who_says_the_half_of_a_head_makes_room() {
    makes_room(|wire| {
        wire.say("GET / HTTP/1.1\r\nHost: loc");
    });
}

/// All places are taken by people who begin like this; then somebody comes.
fn makes_room(begin: impl Fn(&mut Wire)) {
    let place = Place::new();
    let server = place.serve_at(
        free_port(),
        &[
            ("GUICHET_MAX_CONNECTIONS", "5"),
            ("GUICHET_MAX_CONNECTIONS_PER_ADDRESS", "10"),
        ],
    );
    let others = (2..7).map(|number| [127, 0, 0, number]);
    let mut all: Vec<Wire> = others
        .map(|source| Wire::open_from(source, server.port))
        .collect();
    all.iter_mut().for_each(begin);
    let ask = |source| {
        let mut wire = Wire::open_from(source, server.port);
        wire.say(last_get(PAGE)).answer().status
    };
    // Nobody has waited for long enough at first.
    let begun = Instant::now();
    while ask([127, 0, 0, 9]) != 200 {
        assert!(begun.elapsed() < PATIENCE, "nobody makes room");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(all[0].ended(), "", "it had waited longest");
}

#[test]
fn an_answer_on_its_way_is_sent_whole_before_there_is_room() {
    let place = Place::new();
    let server = place.serve_at(free_port(), &[("GUICHET_MAX_CONNECTIONS", "1")]);
    let mut slow = Wire::open_from([127, 0, 0, 2], server.port);
    // More than the system takes for somebody who does not read.
    slow.say(get(PAGE).repeat(2000));
    let begun = Instant::now();
    loop {
        let asked = Instant::now();
        let mut other = Wire::open_from([127, 0, 0, 9], server.port);
        assert_eq!(other.say(last_get(PAGE)).answer().status, 503);
        // They were let wait: the first one has been asked to make room.
        if asked.elapsed() > Duration::from_millis(900) {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody is asked to make room");
        thread::sleep(Duration::from_millis(20));
    }
    let heard = slow.ended();
    let last = heard.rfind("HTTP/1.1 ").map_or("", |at| &heard[at..]);
    let (head, body) = last.split_once("\r\n\r\n").unwrap_or_default();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.parse().expect("a length"))
    });
    assert_eq!(Some(body.len()), length, "{head}");
    until_answered(server.port);
}

/// Asks until there is a place again.
#[track_caller]
fn until_answered(port: u16) {
    let begun = Instant::now();
    while Wire::open(port).say(last_get(PAGE)).answer().status != 200 {
        assert!(begun.elapsed() < PATIENCE, "the place is never free again");
        thread::sleep(Duration::from_millis(20));
    }
}
