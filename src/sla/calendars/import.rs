//! Holidays out of a file, into the form: nothing is kept before a manager has read and saved it.

use rocket::http::Status;
use rocket::{Route, post, routes};

use super::edit::{Shown, edit_page};
use super::entered;
use super::manage::find;
use super::model::CalendarId;
use crate::accounts::Manager;
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::{Failure, Outcome, Posted, Upload};
use crate::sla::calendar::ics::{self, Holidays, NoCalendar};
use crate::sla::calendar::{Calendar, MAX_HOLIDAYS};

/// The field of the file.
const FILE: &str = "file";

pub(super) fn routes() -> Vec<Route> {
    routes![import]
}

#[post("/manage/calendars/<id>/import", data = "<posted>")]
async fn import(posted: Posted<Manager>, id: CalendarId) -> Outcome {
    let Posted {
        who: manager,
        uploads,
        ..
    } = posted;
    let (row, version) = find(&manager, id).await?;
    let lang = manager.lang;
    let read = read_file(uploads).await?;
    let mut shown = Shown::of(entered::fill(&row, &version, lang));
    let content = read.and_then(|found| merged(&version.content, found));
    let status = match content {
        Ok((content, lines)) => {
            shown.form = entered::with_content(shown.form, &content, lang);
            shown.imported = lines.iter().map(|line| line.render(lang)).collect();
            shown.content = Some(content);
            shown.unsaved = true;
            Status::Ok
        }
        Err(reason) => {
            shown.import_error = Some(why_not(reason, lang));
            shown.content = Some(version.content);
            Status::UnprocessableEntity
        }
    };
    edit_page(&manager, status, Some(row), shown).await
}

/// What is in the file, or what is wrong with it; nothing when no file was chosen.
async fn read_file(uploads: Vec<Upload>) -> Result<Result<Holidays, Refused>, Failure> {
    let Some(upload) = uploads.into_iter().find(|upload| upload.field == FILE) else {
        return Ok(Err(Refused::NoFile));
    };
    let small = usize::try_from(upload.size).is_ok_and(|size| size <= ics::MAX_BYTES);
    let Some(path) = upload.path.filter(|_| small) else {
        return Ok(Err(Refused::File(NoCalendar::TooLarge)));
    };
    let content = rocket::tokio::fs::read(&path)
        .await
        .map_err(|error| Failure::Unavailable(error.to_string()))?;
    Ok(ics::read(&content).map_err(Refused::File))
}

enum Refused {
    NoFile,
    File(NoCalendar),
}

/// The calendar with the holidays of a file, and what is to be said about them.
fn merged(calendar: &Calendar, read: Holidays) -> Result<(Calendar, Vec<Message>), Refused> {
    let before = calendar.holidays.len();
    let found = read.found.len();
    let mut content = calendar.clone();
    content.holidays.extend(read.found);
    let content = content.tidied();
    if content.holidays.len() > MAX_HOLIDAYS {
        return Err(Refused::File(NoCalendar::TooMany));
    }
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let added = content.holidays.len() - before.min(content.holidays.len());
    let mut lines = vec![
        Message::new("calendars-imported")
            .number("added", count(added))
            .number("known", count(found.saturating_sub(added))),
    ];
    if read.passed_over > 0 {
        lines.push(
            Message::new("calendars-passed-over")
                .number("count", count(read.passed_over))
                .text("names", read.named.join(", ")),
        );
    }
    Ok((content, lines))
}

fn why_not(reason: Refused, lang: Lang) -> String {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let message = match reason {
        Refused::NoFile => Message::new("calendars-import-none"),
        Refused::File(NoCalendar::TooLarge) => {
            Message::new("calendars-import-large").number("kilobytes", count(ics::MAX_BYTES / 1024))
        }
        Refused::File(NoCalendar::NotACalendar) => Message::new("calendars-import-other"),
        Refused::File(NoCalendar::Line(line)) => {
            Message::new("calendars-import-line").number("line", count(line))
        }
        Refused::File(NoCalendar::TooMany) => {
            Message::new("calendars-too-many-days").number("max", count(MAX_HOLIDAYS))
        }
    };
    message.render(lang)
}
