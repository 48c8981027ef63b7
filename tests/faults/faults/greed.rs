//! Clients that take much and give nothing back.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::crash::files;
use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::Ledger;
use crate::place::Place;
use crate::served::{Served, Start};
use crate::tools::{
    Outcome, ensure, is_over, milliseconds, need, percentile, seconds, step, wait_until,
};

/// A connection from an address of its own: all of 127.0.0.0/8 is this machine.
fn connect(port: u16, number: u32) -> std::io::Result<TcpStream> {
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

pub fn no_descriptors(place: &Place) -> Outcome<String> {
    need("prlimit")?;
    let wrapper = ["prlimit", "--nofile=64"];
    let mut served = Served::start_with(
        place,
        Start {
            wrapper: &wrapper,
            environment: &[],
        },
    )?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut ledger, mut longest) = (Ledger::default(), Duration::ZERO);
    for _ in 0..3 {
        let mut held: Vec<TcpStream> = (0..200)
            .flat_map(|number| connect(served.port, number))
            .collect();
        for stream in &mut held {
            // Whoever is turned away does not matter.
            drop(stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"));
        }
        thread::sleep(Duration::from_secs(2));
        let open = served.open_files();
        ensure(open >= 40, || format!("only {open} files are open"))?;
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
        "3 times 200 clients: taken again after {} at most, restarts 0; {figure}",
        seconds(longest)
    ))
}

/// F48: heads and bodies that drip.
const SLOW: u32 = 1000;

pub fn slow_clients(place: &Place) -> Outcome<String> {
    let environment = [
        ("GUICHET_HEAD_TIMEOUT_SECONDS", "12"),
        ("GUICHET_TRANSFER_TIMEOUT_SECONDS", "12"),
        ("GUICHET_MAX_CONNECTIONS", "1200"),
    ];
    let mut served = Served::start_with(
        place,
        Start {
            wrapper: &[],
            environment: &environment,
        },
    )?;
    let port = served.port;
    let (before, _) = healthy(port, Duration::from_secs(5))?;
    let (all_there, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let (during, cut) = thread::scope(|scope| -> Outcome<_> {
        let slow = scope.spawn(|| drip(port, &all_there, &stop));
        wait_until(
            "all slow clients are there",
            Duration::from_secs(20),
            || all_there.load(Ordering::SeqCst),
        )?;
        let measured = healthy(port, Duration::from_secs(5));
        thread::sleep(Duration::from_secs(13));
        stop.store(true, Ordering::SeqCst);
        let cut = slow.join().map_err(|_| "a slow client panicked")??;
        Ok((measured?.0, cut))
    })?;
    ensure(cut == SLOW, || format!("{cut} of {SLOW} were cut off"))?;
    ensure(served.is_running(), || "it ended".to_owned())?;
    // On two cores that the clients share, a tenth of a few milliseconds is noise: ten are allowed.
    let limit = before.mul_f64(1.1) + Duration::from_millis(10);
    ensure(during <= limit, || {
        format!(
            "healthy p95 {} instead of {}",
            milliseconds(during),
            milliseconds(before)
        )
    })?;
    Ok(format!(
        "{cut} of {SLOW} cut off at their deadline; healthy p95 {} before, {} during",
        milliseconds(before),
        milliseconds(during)
    ))
}

/// Half of them drip a head, half a body, a byte in two seconds. Answers how many were cut off.
fn drip(port: u16, all_there: &AtomicBool, stop: &AtomicBool) -> Outcome<u32> {
    let mut streams = Vec::new();
    for number in 0..SLOW {
        let mut stream = connect(port, number)?;
        let head: &[u8] = if number % 2 == 0 {
            b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
        } else {
            b"POST /requests HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
              Content-Length: 100000\r\n\r\nsubject="
        };
        stream.write_all(head)?;
        stream.set_nonblocking(true)?;
        streams.push(stream);
    }
    all_there.store(true, Ordering::SeqCst);
    let mut cut = 0;
    while !streams.is_empty() && !stop.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_secs(2));
        streams.retain_mut(|stream| {
            let is_open = stream.write_all(b"x").is_ok() && !has_ended(stream);
            cut += u32::from(!is_open);
            is_open
        });
    }
    Ok(cut)
}

/// The server has said its last word: an answer, then nothing.
fn has_ended(stream: &TcpStream) -> bool {
    match stream.peek(&mut [0]) {
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
        // Told that it was too slow.
        Ok(_) => true,
    }
}

/// How long a page takes, 95 in 100 times, and how often it failed.
fn healthy(port: u16, time: Duration) -> Outcome<(Duration, usize)> {
    let (mut client, mut times, begun) = (Client::new(port, 40_000), Vec::new(), Instant::now());
    while begun.elapsed() < time {
        let asked = Instant::now();
        let answer = client.get("/en/articles", "")?;
        ensure(answer.status == 200, || {
            format!("{} for a healthy client", answer.status)
        })?;
        times.push(asked.elapsed());
        thread::sleep(Duration::from_millis(10));
    }
    Ok((percentile(&mut times, 95), times.len()))
}

pub fn vanishing_clients(place: &Place) -> Outcome<String> {
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
    let cut = vanish(served.port, &upload, &request, 200..10_200)?;
    let (tmp, port) = (place.data().join("tmp"), served.port);
    let settled = wait_until("files are closed", Duration::from_secs(45), || {
        served.open_files() <= before && files(&tmp).is_ok_and(|files| files.is_empty())
    });
    let (after, left) = (served.open_files(), files(&tmp)?.len());
    settled
        .map_err(|error| format!("{error}: {after} open instead of {before}, {left} temporary"))?;
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
