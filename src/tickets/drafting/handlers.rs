//! Keeping a draft as its owner types, and giving it back.

use rocket::http::Status;
use rocket::{Route, get, post, routes};
use serde::Serialize;

use super::{Spot, Writer, file_ids, find, of_this_session, view};
use crate::accounts::Visitor;
use crate::drafts::{self, Draft, Fields as Texts, KEPT_OF_GUEST, Owner, Save, Saved};
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::Message;
use crate::platform::web::idempotency::{self, form_key, page_key, submission_key};
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, Fields, Outcome, Posted, Reply, Upload};
use crate::tickets::files::send_file;
use crate::tickets::own::{Sought, find_own};
use crate::tickets::{limits, uploads};

/// The field of what a browser kept for itself.
const COPY: &str = "copy";

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
async fn show(writer: Writer, key: &str) -> Outcome {
    reach(&writer, key).await?;
    Reply::json(&Present {
        owner: view::owner(&writer),
        token: writer.form_token(),
    })
    .map(|reply| reply.with_header("Cache-Control", "no-store"))
}

/// Keeps what the form shows, for a script.
#[post("/drafts/<key>", data = "<posted>")]
async fn save(posted: Posted<Writer>, key: &str) -> Outcome {
    let spot = reach(&posted.who, key).await?;
    let (writer, path) = (
        Visitor::clone(&posted.who),
        format!("/drafts/{}", spot.key()),
    );
    let (status, answer) = match keep(posted, &spot, false).await? {
        Done::Saved(saved) => told(&writer, &path, saved),
        Done::Sent => (Status::Ok, state("sent")),
        Done::Refused(message) => {
            let said = message.render(writer.lang);
            let answer = Answer {
                said,
                ..state("refused")
            };
            (Status::UnprocessableEntity, answer)
        }
    };
    let reply = Reply::json(&answer)?.with_status(status);
    // As long as the draft is kept, its writer has to be known again.
    Ok(match writer.person {
        Some(_) => reply,
        None => writer.keep_mark(reply, KEPT_OF_GUEST),
    })
}

/// As [`save`], from a button of the form: its page follows.
#[post("/drafts/<key>/form", data = "<posted>")]
async fn put_back(posted: Posted<Writer>, key: &str) -> Outcome {
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
async fn discard(posted: Posted<Writer>, key: &str) -> Outcome {
    let writer = posted.who;
    let spot = reach(&writer, key).await?;
    of_this_session(&writer, &posted.fields, posted.uploads)?;
    let (owner, place) = (Owner::of(&writer), spot.place());
    (writer.site.db)
        .write(writer.actor(), move |tx| {
            drafts::discard(tx, &owner, place).map_err(StorageError::from)
        })
        .await?;
    Ok(Reply::see_other(spot.href()).with_flash(FlashKind::Ok, Message::new("draft-discarded")))
}

/// A file of the draft.
#[get("/drafts/<key>/files/<public_id>")]
async fn fetch(writer: Writer, key: &str, public_id: &str) -> Outcome {
    let spot = reach(&writer, key).await?;
    let (owner, id) = (Owner::of(&writer), public_id.to_owned());
    let file = (writer.site.db)
        .read(move |conn| {
            drafts::find_file(conn, &owner, spot.place(), &id).map_err(StorageError::from)
        })
        .await?
        .ok_or(Failure::NotFound)?;
    send_file(&writer.site, &file.name, &file.content()).await
}

/// The spot, if it is there for who asks.
async fn reach(visitor: &Visitor, key: &str) -> Result<Spot, Failure> {
    let (me, key) = (visitor.person.clone(), key.to_owned());
    let sought = Sought::Request(Spot::reference_in(&key).to_owned());
    let find =
        move |conn: &mut Conn| Spot::find(conn, me.as_ref(), &key).map_err(StorageError::from);
    match visitor.customer() {
        Some(customer) => find_own(&customer, sought, find).await,
        None => visitor.site.db.read(find).await?.ok_or(Failure::NotFound),
    }
}

enum Done {
    Saved(Saved),
    /// The form itself was sent before this came: what it holds is a message already.
    Sent,
    /// It is over a limit.
    Refused(Message),
}

async fn keep(posted: Posted<Writer>, spot: &Spot, overwrite: bool) -> Result<Done, Failure> {
    let Posted {
        who: writer,
        fields,
        uploads,
    } = posted;
    let uploads = of_this_session(&writer, &fields, uploads)?;
    let Ok(save) = spot.form.read(&fields) else {
        return Ok(Done::Refused(Message::new("draft-too-long")));
    };
    if let Err(wait) = limits::count_draft(&writer, save.revision) {
        return Ok(Done::Refused(wait.message()));
    }
    let save = match with_files(&writer, spot, save, uploads).await? {
        Ok(save) => Save {
            overwrite,
            removed: file_ids(&fields, "draft_remove"),
            ..save
        },
        Err(message) => return Ok(Done::Refused(message)),
    };
    let sent = submission(&writer, spot, &fields);
    let (owner, place) = (Owner::of(&writer), spot.place());
    let done = (writer.site.db)
        .write(writer.actor(), move |tx| {
            if let Some(sent) = &sent
                && idempotency::was_accepted(tx.conn, sent)?
            {
                return Ok(Done::Sent);
            }
            let saved = drafts::save(tx, &owner, place, &save)?;
            Ok::<_, StorageError>(Done::Saved(saved))
        })
        .await?;
    Ok(done)
}

/// Under which key it is known that this was sent already; none for a form without one. A copy that
/// a browser kept may be newer than what was sent from its page: it counts by its text.
fn submission(visitor: &Visitor, spot: &Spot, fields: &Fields) -> Option<String> {
    let (key, sender) = (form_key(fields)?, visitor.actor());
    Some(match fields.has(COPY) {
        true => submission_key(fields, sender, spot.address()),
        false => page_key(&key, sender, spot.address()),
    })
}

/// Keeps the files that come with a draft.
async fn with_files(
    visitor: &Visitor,
    spot: &Spot,
    save: Save,
    uploads: Vec<Upload>,
) -> Result<Result<Save, Message>, Failure> {
    if uploads.is_empty() {
        return Ok(Ok(save));
    }
    let (owner, spot) = (Owner::of(visitor), spot.clone());
    let already = (visitor.site.db)
        .read(move |conn| find(conn, &owner, &spot).map_err(StorageError::from))
        .await?
        .map_or(0, |draft| draft.files.len());
    let mut faults = uploads::find_faults(&visitor.site, &uploads, already);
    if !faults.is_empty() {
        return Ok(Err(faults.remove(0)));
    }
    if let Err(wait) = limits::count_files(visitor, uploads.len()) {
        return Ok(Err(wait.message()));
    }
    let files = uploads::keep_checked(&visitor.site, uploads).await?;
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

fn told(visitor: &Visitor, path: &str, saved: Saved) -> (Status, Answer) {
    let say = |key: &str, draft: &Draft| {
        Message::new(key)
            .text("moment", visitor.calendar().stamp(draft.updated_at))
            .render(visitor.lang)
    };
    let shown = |name, key: &str, draft: &Draft| Answer {
        revision: draft.revision.to_string(),
        said: say(key, draft),
        files: view::files(visitor.lang, path, &draft.files),
        ..state(name)
    };
    match saved {
        Saved::Kept(draft) => {
            let key = match visitor.person {
                Some(_) => "draft-saved",
                None => "draft-saved-guest",
            };
            (Status::Ok, shown("saved", key, &draft))
        }
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
