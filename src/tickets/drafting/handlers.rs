//! Keeping a draft as its owner types, and giving it back.

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::{Spot, file_ids, find, view};
use crate::accounts::{Customer, Person};
use crate::drafts::{self, Draft, Fields as Texts, Save, Saved};
use crate::platform::db::StorageError;
use crate::platform::i18n::Message;
use crate::platform::web::idempotency::{self, submission_key};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, Fields, Outcome, Posted, Reply, Upload};
use crate::tickets::files::send_file;
use crate::tickets::{limits, uploads};

/// The routes of drafts.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![show, save, put_back, discard, fetch]
}

/// What became of a save, for the script that asked for it.
#[derive(Debug, Default, Serialize)]
struct Answer {
    /// `saved`, `empty`, `sent`, `conflict`, `gone` or `refused`.
    state: &'static str,
    revision: String,
    /// What to tell the reader.
    said: String,
    /// What another window wrote, in a conflict.
    fields: Texts,
    files: Vec<view::DraftFileView>,
}

/// What a window needs to go on after its session was opened anew: a token for its form, and
/// whose session it is.
#[derive(Serialize)]
struct Present {
    owner: String,
    token: String,
}

/// Whether the draft can be reached, and what it takes to write it.
#[get("/drafts/<key>")]
async fn show(customer: Customer, key: &str) -> Outcome {
    reach(&customer, key).await?;
    Reply::json(&Present {
        owner: view::owner(&customer),
        token: customer.form_token(),
    })
    .map(|reply| reply.with_header("Cache-Control", "no-store"))
}

/// Keeps what the form shows, for a script.
#[post("/drafts/<key>", data = "<posted>")]
async fn save(posted: Posted<Customer>, key: &str) -> Outcome {
    let spot = reach(&posted.who, key).await?;
    let (customer, lang) = (posted.who.clone(), posted.who.lang);
    let path = format!("/drafts/{}", spot.key());
    let (status, answer) = match keep(posted, &spot, false).await? {
        Done::Saved(saved) => told(&customer, &path, saved),
        Done::Sent => (Status::Ok, state("sent")),
        Done::Refused(message) => {
            let said = message.render(lang);
            let answer = Answer {
                said,
                ..state("refused")
            };
            (Status::UnprocessableEntity, answer)
        }
    };
    Reply::json(&answer).map(|reply| reply.with_status(status))
}

/// As [`save`], from a button of the form: its page follows.
#[post("/drafts/<key>/form", data = "<posted>")]
async fn put_back(posted: Posted<Customer>, key: &str) -> Outcome {
    let spot = reach(&posted.who, key).await?;
    let page = Reply::see_other(spot.href());
    // Without scripts nobody can be asked which text is right: it is the one just sent.
    Ok(match keep(posted, &spot, true).await? {
        Done::Refused(message) => page.with_flash(FlashKind::Danger, message),
        Done::Saved(_) | Done::Sent => page,
    })
}

/// Throws the draft away.
#[post("/drafts/<key>/discard", data = "<posted>")]
async fn discard(posted: Posted<Customer>, key: &str) -> Outcome {
    let customer = posted.who;
    let spot = reach(&customer, key).await?;
    let (me, place) = (customer.me.id, spot.place());
    (customer.site.db)
        .write(customer.actor(), move |tx| {
            drafts::discard(tx, me, place).map_err(StorageError::from)
        })
        .await?;
    Ok(Reply::see_other(spot.href()).with_flash(FlashKind::Ok, Message::new("draft-discarded")))
}

/// A file of the draft.
#[get("/drafts/<key>/files/<public_id>")]
async fn fetch(customer: Customer, key: &str, public_id: &str) -> Outcome {
    let spot = reach(&customer, key).await?;
    let (me, id) = (customer.me.id, public_id.to_owned());
    let file = (customer.site.db)
        .read(move |conn| {
            drafts::find_file(conn, me, spot.place(), &id).map_err(StorageError::from)
        })
        .await?
        .ok_or(Failure::NotFound)?;
    send_file(&customer.site, &file.name, &file.content()).await
}

/// The spot, if it is there for this person.
async fn reach(customer: &Customer, key: &str) -> Result<Spot, Failure> {
    let (me, key): (Person, String) = (customer.me.clone(), key.to_owned());
    (customer.site.db)
        .read(move |conn| Spot::find(conn, &me, &key).map_err(StorageError::from))
        .await?
        .ok_or(Failure::NotFound)
}

enum Done {
    Saved(Saved),
    /// The form itself was sent before this came: what it holds is a message already.
    Sent,
    /// It is over a limit.
    Refused(Message),
}

async fn keep(posted: Posted<Customer>, spot: &Spot, overwrite: bool) -> Result<Done, Failure> {
    let Posted {
        who: customer,
        fields,
        uploads,
    } = posted;
    let Ok(save) = spot.form.read(&fields) else {
        return Ok(Done::Refused(Message::new("draft-too-long")));
    };
    let save = match with_files(&customer, spot, save, uploads).await? {
        Ok(save) => Save {
            overwrite,
            removed: file_ids(&fields, "draft_remove"),
            ..save
        },
        Err(message) => return Ok(Done::Refused(message)),
    };
    let sent = submission(&customer, spot, &fields);
    let (me, place) = (customer.me.id, spot.place());
    let done = (customer.site.db)
        .write(customer.actor(), move |tx| {
            if let Some(sent) = &sent
                && idempotency::was_accepted(tx.conn, sent)?
            {
                return Ok(Done::Sent);
            }
            let saved = drafts::save(tx, me, place, &save)?;
            Ok::<_, StorageError>(Done::Saved(saved))
        })
        .await?;
    Ok(done)
}

/// Under which key the form would be sent; none for a form without one.
fn submission(customer: &Customer, spot: &Spot, fields: &Fields) -> Option<String> {
    let key = || submission_key(fields, customer.actor(), spot.address());
    fields.has("key").then(key)
}

/// Keeps the files that come with a draft.
async fn with_files(
    customer: &Customer,
    spot: &Spot,
    save: Save,
    uploads: Vec<Upload>,
) -> Result<Result<Save, Message>, Failure> {
    if uploads.is_empty() {
        return Ok(Ok(save));
    }
    let (me, spot) = (customer.me.id, spot.clone());
    let already = (customer.site.db)
        .read(move |conn| find(conn, me, &spot).map_err(StorageError::from))
        .await?
        .map_or(0, |draft| draft.files.len());
    let mut faults = uploads::find_faults(&customer.site, &uploads, already);
    if !faults.is_empty() {
        return Ok(Err(faults.remove(0)));
    }
    if let Err(wait) = limits::count_files(&customer.site, &customer.me, uploads.len()) {
        return Ok(Err(wait.message()));
    }
    let files = uploads::keep_checked(&customer.site, uploads).await?;
    Ok(Ok(Save {
        files: files.into_iter().map(|f| (f.name, f.content)).collect(),
        ..save
    }))
}

fn state(state: &'static str) -> Answer {
    Answer {
        state,
        revision: "0".to_owned(),
        ..Answer::default()
    }
}

fn told(customer: &Customer, path: &str, saved: Saved) -> (Status, Answer) {
    let say = |key: &str, draft: &Draft| {
        Message::new(key)
            .text("moment", customer.calendar().stamp(draft.updated_at))
            .render(customer.lang)
    };
    let shown = |name, key: &str, draft: &Draft| Answer {
        revision: draft.revision.to_string(),
        said: say(key, draft),
        files: view::files(customer.lang, path, &draft.files),
        ..state(name)
    };
    match saved {
        Saved::Kept(draft) => (Status::Ok, shown("saved", "draft-saved", &draft)),
        Saved::Empty => (Status::Ok, state("empty")),
        Saved::Gone => (Status::Conflict, state("gone")),
        Saved::Conflict(draft) => {
            let answer = Answer {
                fields: draft.fields.clone(),
                ..shown("conflict", "draft-conflict", &draft)
            };
            (Status::Conflict, answer)
        }
    }
}
