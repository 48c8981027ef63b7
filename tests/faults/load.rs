//! Many customers at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::Client;
use super::customer::{Person, Request, acknowledged};
use super::ledger::Ledger;
use super::tools::Outcome;

/// Customers who file one request after another until they are told to stop.
pub struct Load<'a> {
    pub port: u16,
    pub person: &'a Person,
    pub writers: usize,
    /// Between two requests of a writer.
    pub pause: Duration,
}

/// What became of it.
#[derive(Default)]
pub struct Loaded {
    pub ledger: Ledger,
    /// Of the acknowledged ones.
    pub times: Vec<Duration>,
}

impl Load<'_> {
    /// Runs the load while `act` runs, which is told how many were acknowledged so far.
    pub fn during<T>(&self, act: impl FnOnce(&AtomicUsize) -> Outcome<T>) -> Outcome<(Loaded, T)> {
        let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
        let all = Mutex::new(Loaded::default());
        let outcome = thread::scope(|scope| {
            for number in 0..self.writers {
                let (stop, done, all) = (&stop, &done, &all);
                scope.spawn(move || {
                    let mine = self.write(number, stop, done);
                    let mut all = all.lock().expect("no writer panics");
                    all.ledger.absorb(mine.ledger);
                    all.times.extend(mine.times);
                });
            }
            let outcome = act(&done);
            stop.store(true, Ordering::SeqCst);
            outcome
        })?;
        Ok((all.into_inner().expect("no writer panics"), outcome))
    }

    fn write(&self, number: usize, stop: &AtomicBool, done: &AtomicUsize) -> Loaded {
        let mut client = Client::new(self.port, number);
        let mut mine = Loaded::default();
        while !stop.load(Ordering::SeqCst) {
            let (request, begun) = (Request::new(), Instant::now());
            let answer = self.person.file(&mut client, &request);
            match answer
                .as_ref()
                .map(|answer| (acknowledged(answer), answer.status))
            {
                Ok((Some(reference), _)) => {
                    mine.times.push(begun.elapsed());
                    mine.ledger.acknowledged.push((reference, request));
                    done.fetch_add(1, Ordering::SeqCst);
                }
                Ok((None, status)) => {
                    *mine.ledger.refused.entry(status).or_default() += 1;
                    mine.ledger.unsure.push(request);
                }
                Err(_) => {
                    mine.ledger.broken += 1;
                    mine.ledger.unsure.push(request);
                    // The program is gone, or out of places.
                    thread::sleep(Duration::from_millis(20));
                }
            }
            thread::sleep(self.pause);
        }
        mine
    }
}
