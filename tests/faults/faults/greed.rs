//! Clients that take much and give nothing back.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::crash::files;
use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::Ledger;
use crate::place::{Engine, Place};
use crate::served::{Served, Start};
use crate::tools::{Outcome, ensure, is_over, need, seconds, step, wait_until};

/// A connection from an address of its own: all of 127.0.0.0/8 is this machine.
pub(super) fn connect(port: u16, number: u32) -> std::io::Result<TcpStream> {
    let [_, _, high, low] = (number % 250 + 2).to_be_bytes();
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::new(127, 1, high, low), 0)).into())?;
    socket.connect_timeout(
        &SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into(),
        Duration::from_secs(30),
    )?;
    Ok(socket.into())
}

/// As [`connect`], for a machine that has other work: the queue of the listener may be full.
fn connect_in_time(port: u16, number: u32) -> Outcome<TcpStream> {
    let begun = Instant::now();
    loop {
        match connect(port, number) {
            Ok(stream) => return Ok(stream),
            Err(error) if is_over(begun, Duration::from_secs(20)) => {
                let seconds = begun.elapsed().as_secs();
                return Err(format!("no connection within {seconds} s: {error}").into());
            }
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// 200 clients that ask for a page and stay.
fn crowd(port: u16) -> Vec<TcpStream> {
    let mut clients: Vec<TcpStream> = (0..200).flat_map(|number| connect(port, number)).collect();
    for client in &mut clients {
        // Whoever is turned away does not matter.
        drop(client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"));
    }
    clients
}

/// Whether a client was given a page, and so has a place.
fn was_let_in(mut stream: &TcpStream) -> bool {
    let mut begun = [0; 12];
    stream.set_nonblocking(true).is_ok()
        && stream.read_exact(&mut begun).is_ok()
        && begun == *b"HTTP/1.1 200"
}

pub fn few_descriptors(place: &Place) -> Outcome<String> {
    need("prlimit")?;
    place.start_cluster("")?;
    let wrapper = ["prlimit", "--nofile=64"];
    let mut served = Served::start_with(
        place,
        Start {
            wrapper: &wrapper,
            environment: &[],
        },
    )?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, mut longest, mut told) = (Ledger::default(), Duration::ZERO, Duration::ZERO);
    let (mut most_let_in, mut most_open) = (0, 0);
    for _ in 0..3 {
        let held = crowd(served.port);
        thread::sleep(Duration::from_secs(2));
        most_open = most_open.max(served.open_files());
        let asked = held.len();
        let let_in = held.iter().filter(|stream| was_let_in(stream)).count();
        // Otherwise nobody lacked anything.
        ensure(let_in > 0 && let_in < asked / 2, || {
            format!("{let_in} of {asked} clients were let in")
        })?;
        most_let_in = most_let_in.max(let_in);
        // While they stay: a page, or the one that says to come again.
        let mut newcomer = Client::new(served.port, 2);
        told = told.max(wait_until(
            "somebody new is answered while 200 clients stay",
            Duration::from_secs(5),
            || {
                newcomer
                    .get("/", "")
                    .is_ok_and(|answer| matches!(answer.status, 200 | 503))
            },
        )?);
        drop(held);
        longest = longest.max(wait_until(
            "requests are taken again",
            Duration::from_secs(20),
            || {
                let request = Request::new();
                match person
                    .file(&mut Client::new(served.port, 1), &request)
                    .map(|answer| acknowledged(&answer))
                {
                    Ok(Some(reference)) => {
                        ledger.acknowledged.push((reference, request));
                        true
                    }
                    _ => {
                        ledger.unsure.push(request);
                        false
                    }
                }
            },
        )?);
    }
    ensure(served.is_running(), || "it ended".to_owned())?;
    let figure = ledger.verify(place)?;
    Ok(format!(
        "3 times 200 clients, {most_let_in} let in, {most_open} of 64 files open; somebody new \
         answered within {}; taken again after {} at most, restarts 0; {figure}",
        seconds(told),
        seconds(longest)
    ))
}

/// F49: connections to a server that the program opens when many read at once, and keeps.
const POOL: usize = 8;

pub fn vanishing_clients(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let client = Client::new(served.port, 1);
    let (upload_head, upload_body) =
        person.multipart(&client, &Request::new(), &"content ".repeat(2000));
    let upload = (upload_head + &upload_body).into_bytes();
    let request =
        format!("GET /requests HTTP/1.1\r\nHost: x\r\n{}\r\n", person.cookie).into_bytes();
    // Whatever it opens once and keeps is open before it is counted, what it keeps a while is not.
    vanish(served.port, &upload, &request, 0..200)?;
    thread::sleep(Duration::from_secs(8));
    let before = served.open_files();
    let most = match place.engine {
        Engine::Sqlite => before,
        Engine::Postgres => before + POOL,
    };
    let cut = vanish(served.port, &upload, &request, 200..10_200)?;
    let (tmp, port) = (place.data().join("tmp"), served.port);
    let settled = wait_until("files are closed", Duration::from_secs(45), || {
        served.open_files() <= most && files(&tmp).is_ok_and(|files| files.is_empty())
    });
    let (after, left) = (served.open_files(), files(&tmp)?.len());
    settled
        .map_err(|error| format!("{error}: {after} open instead of {most}, {left} temporary"))?;
    ensure(served.is_running(), || "it ended".to_owned())?;
    let (mut ledger, request) = (Ledger::default(), Request::new());
    let answer = person.file(&mut Client::new(port, 1), &request)?;
    let reference = acknowledged(&answer).ok_or_else(|| format!("{} afterwards", answer.status))?;
    ledger.acknowledged.push((reference, request));
    let figure = ledger.verify(place)?;
    Ok(format!(
        "10,000 connections, {cut} cut in the middle; open files {before} before, {after} after; temporary files 0; {figure}"
    ))
}

/// Answers how many were cut; the others were turned away before they had said anything.
fn vanish(
    port: u16,
    upload: &[u8],
    request: &[u8],
    numbers: std::ops::Range<u32>,
) -> Outcome<usize> {
    let mut cut = 0;
    for number in numbers {
        step();
        let mut stream = connect_in_time(port, number)?;
        let share = number as usize % 97;
        let said = match number % 3 {
            0 => stream.write_all(&upload[..upload.len() * share / 97]),
            1 => stream.write_all(&request[..request.len() * share / 97]),
            // Asked, and gone before the answer.
            _ => stream.write_all(request),
        };
        cut += usize::from(said.is_ok());
        if number % 2 == 0 {
            // Gone without a farewell.
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
        }
    }
    Ok(cut)
}
