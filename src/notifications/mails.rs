//! The mails about a ticket.

use diesel::QueryResult;
use serde_json::{Value, json};

use crate::accounts::tokens::{Purpose, issue_token};
use crate::accounts::{Person, people_by_id};
use crate::platform::db::{Actor, Timestamp, Tx};
use crate::platform::mail::{self, Letter};
use crate::sla::promises::first_promise;
use crate::tickets::due::Goal;
use crate::tickets::portal::track_path;
use crate::tickets::queries::{get_message, get_ticket, last_answer};
use crate::tickets::{MessageId, Ticket, TicketId};

const ACKNOWLEDGEMENT: &str = "notifications/acknowledgement";
const ANSWER: &str = "notifications/answer";
const RESOLVED: &str = "notifications/resolved";
const PROMISE: &str = "notifications/promise";

/// The request has arrived.
pub(super) fn acknowledge(tx: &mut Tx<'_>, id: TicketId) -> QueryResult<()> {
    let Some((ticket, person)) = recipient(tx, id)? else {
        return Ok(());
    };
    // What was typed is repeated to who typed it, or to whom an agent filed it for: not to whom a
    // stranger named.
    let known = person.confirmed_at.is_some() && tx.actor != Actor::Anonymous;
    // Instants, no words: whose hours they are told in is known when the mail is written.
    let promise = first_promise(tx.conn, id)?;
    let promise = promise.map(|promise| json!({ "goal": promise.goal, "due": promise.due_at }));
    let data = json!({ "known": known, "promise": promise, "zone": person.time_zone });
    send(tx, ACKNOWLEDGEMENT, &ticket, &person, data)
}

/// A promise will not be kept: what takes its place, if anything does.
pub(super) fn promise_at_risk(
    tx: &mut Tx<'_>,
    id: TicketId,
    goal: Goal,
    due: Timestamp,
    new: Option<Timestamp>,
) -> QueryResult<()> {
    let Some((ticket, person)) = recipient(tx, id)? else {
        return Ok(());
    };
    let data = json!({
        "goal": goal,
        "due": due,
        "new": new,
        "missed": false,
        "zone": person.time_zone,
    });
    send(tx, PROMISE, &ticket, &person, data)
}

/// The hour of a promise has passed, and nobody said so before.
pub(super) fn promise_missed(
    tx: &mut Tx<'_>,
    id: TicketId,
    goal: Goal,
    due: Timestamp,
) -> QueryResult<()> {
    let Some((ticket, person)) = recipient(tx, id)? else {
        return Ok(());
    };
    let data = json!({
        "goal": goal,
        "due": due,
        "new": null,
        "missed": true,
        "zone": person.time_zone,
    });
    send(tx, PROMISE, &ticket, &person, data)
}

/// An agent has answered.
pub(super) fn answer(tx: &mut Tx<'_>, id: TicketId, message: MessageId) -> QueryResult<()> {
    let Some((ticket, person)) = other_recipient(tx, id)? else {
        return Ok(());
    };
    let message = get_message(tx.conn, message)?;
    let data = json!({ "author": author(tx)?, "body": message.body, "by_person": true });
    send(tx, ANSWER, &ticket, &person, data)
}

/// The request is resolved. When an answer resolved it, one mail says both.
pub(super) fn resolved(tx: &mut Tx<'_>, id: TicketId) -> QueryResult<()> {
    let Some((ticket, person)) = other_recipient(tx, id)? else {
        return Ok(());
    };
    let now = tx.now;
    let answer = last_answer(tx.conn, id)?.filter(|message| message.created_at == now);
    if answer.is_some() {
        mail::supersede(tx, ANSWER, &id.mail_thread())?;
    }
    let by_person = answer.is_some();
    let body = answer.map(|message| message.body).unwrap_or_default();
    let data = json!({ "author": author(tx)?, "body": body, "by_person": by_person });
    send(tx, RESOLVED, &ticket, &person, data)
}

fn recipient(tx: &mut Tx<'_>, id: TicketId) -> QueryResult<Option<(Ticket, Person)>> {
    let ticket = get_ticket(tx.conn, id)?;
    let person = people_by_id(tx.conn, [ticket.requester_id])?.remove(&ticket.requester_id);
    Ok(person
        .filter(|person| person.disabled_at.is_none())
        .map(|person| (ticket, person)))
}

/// The recipient, unless they did it themselves: agents file requests, too.
fn other_recipient(tx: &mut Tx<'_>, id: TicketId) -> QueryResult<Option<(Ticket, Person)>> {
    let myself = tx.actor.person();
    Ok(recipient(tx, id)?.filter(|(_, person)| Some(person.id.0) != myself))
}

fn author(tx: &mut Tx<'_>) -> QueryResult<Option<String>> {
    let Some(id) = tx.actor.person() else {
        return Ok(None);
    };
    let id = crate::accounts::PersonId(id);
    Ok(people_by_id(tx.conn, [id])?
        .remove(&id)
        .map(|person| person.name))
}

/// Orders a mail. Somebody with an account finds the request behind their sign-in; for the
/// others the link itself opens it.
fn send(
    tx: &mut Tx<'_>,
    kind: &'static str,
    ticket: &Ticket,
    person: &Person,
    extra: Value,
) -> QueryResult<()> {
    let has_account = person.password_hash.is_some();
    let path = if has_account {
        format!("/requests/{}", ticket.reference)
    } else {
        let secret = issue_token(tx, Purpose::TicketLink, Some(person.id), Some(ticket.id.0))?;
        track_path(&secret)
    };
    let mut data = json!({
        "name": person.name,
        "reference": ticket.reference,
        "subject": ticket.subject,
        "path": path,
    });
    if let (Value::Object(data), Value::Object(extra)) = (&mut data, extra) {
        data.extend(extra);
    }
    let letter = Letter {
        kind,
        to_address: person.email.clone(),
        // The name, too, was written by somebody else as long as the address is not proven.
        to_name: match person.confirmed_at {
            Some(_) => person.name.clone(),
            None => String::new(),
        },
        lang: person.language,
        data,
        thread: Some(ticket.id.mail_thread()),
        secret: !has_account,
    };
    mail::enqueue(tx, letter).map(drop)
}
