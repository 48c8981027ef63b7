//! Panics where they hurt most.

use crate::client::Client;
use crate::customer::{Person, Request, acknowledged};
use crate::ledger::Ledger;
use crate::place::Place;
use crate::served::Served;
use crate::tools::{Outcome, ensure};

pub fn thousand_panics(place: &Place) -> Outcome<String> {
    place.start_cluster("")?;
    let mut served = Served::start(place)?;
    let person = Person::sign_in(served.port, "customer")?;
    let (mut client, mut ledger, mut answers) = (Client::new(served.port, 1), Ledger::default(), 0);
    for point in ["guard", "read", "transaction"] {
        place.failpoint(&format!("{point} panic"))?;
        for _ in 0..334 {
            let request = Request::new();
            let answer = person.file(&mut client, &request)?;
            ensure(matches!(answer.status, 500 | 503), || {
                format!("{} in a panic of the {point}", answer.status)
            })?;
            ledger.unsure.push(request);
            answers += 1;
        }
        place.failpoint("")?;
        // Every connection of the pool, and the writer, must be as before.
        for _ in 0..40 {
            let request = Request::new();
            let answer = person.file(&mut client, &request)?;
            let reference = acknowledged(&answer)
                .ok_or_else(|| format!("{} after panics of the {point}", answer.status))?;
            ledger.acknowledged.push((reference, request));
        }
    }
    ensure(served.is_running(), || "it ended".to_owned())?;
    let figure = ledger.verify(place)?;
    Ok(format!(
        "{answers} panics, each answered with an error page, later errors 0; {figure}"
    ))
}
