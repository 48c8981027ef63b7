//! What people are told, and handed, of what is held about them.

use rocket::http::{ContentType, Status};
use rocket::{Route, get, post, routes, uri};
use serde_json::json;
use tokio::sync::Semaphore;

use super::export;
use super::inventory::{self, Inventory};
use super::pages::{Held, OwnData, Period};
use crate::accounts::events::{DATA_EXPORTED, note};
use crate::accounts::{Customer, Person, Place, Visitor, check_password};
use crate::config::Retention;
use crate::drafts;
use crate::platform::db::StorageError;
use crate::platform::i18n::{Lang, Message, integer};
use crate::platform::web::{Failure, FormState, Outcome, Posted, Reply};

pub(super) fn routes() -> Vec<Route> {
    routes![show, hand_out]
}

/// Copies are made one after the other: each reads a disk as fast as it can.
pub(super) struct Copies(Semaphore);

impl Default for Copies {
    fn default() -> Self {
        Self(Semaphore::new(1))
    }
}

#[get("/profile/data")]
pub(super) async fn show(customer: Customer) -> Outcome {
    page(&customer, Status::Ok, customer.empty_form()).await
}

async fn page(customer: &Customer, status: Status, form: FormState) -> Outcome {
    let me = customer.me.clone();
    let held = customer
        .site
        .db
        .read(move |conn| inventory::count(conn, &me).map_err(StorageError::from))
        .await?;
    let view = OwnData {
        held: rows(&held, customer.lang),
        periods: periods(&customer.site.settings.retention, customer.lang),
        export_action: uri!(hand_out).to_string(),
        form,
        profile_href: "/profile".to_owned(),
        request_href: "/requests/new".to_owned(),
    };
    customer.page_with(status, Place::section("profile"), &view)
}

#[post("/profile/data", data = "<posted>")]
pub(super) async fn hand_out(posted: Posted<Customer>) -> Outcome {
    let (customer, fields) = (posted.who, posted.fields);
    if let Err(errors) = check_password(&customer, &customer.me, &fields).await? {
        let form = FormState::refused(&fields, &errors, customer.lang);
        return page(&customer, Status::UnprocessableEntity, form).await;
    }
    copy_of(&customer, customer.me.clone(), "self").await
}

/// The copy of what is held about a person, as an answer. That it was made is recorded.
pub(super) async fn copy_of(visitor: &Visitor, person: Person, by: &'static str) -> Outcome {
    let site = visitor.site.clone();
    let copies = site.part::<Copies>();
    let turn = copies.0.acquire().await;
    let turn = turn.map_err(|error| Failure::internal(&error))?;
    let (id, making) = (person.id, site.clone());
    let made = tokio::task::spawn_blocking(move || export::make(&making, &person)).await;
    drop(turn);
    let (file, length) = made
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::internal(&error))?;
    let recorded = site.db.write(visitor.actor(), move |tx| {
        let data = json!({ "by": by, "size": length });
        note(tx, id, DATA_EXPORTED, data)?;
        Ok::<_, StorageError>(())
    });
    recorded.await?;
    let length = usize::try_from(length).map_err(|error| Failure::internal(&error))?;
    let name = export::file_name(visitor.lang, visitor.now);
    let file = tokio::fs::File::from_std(file);
    Ok(Reply::file(ContentType::ZIP, file, length).with_header(
        "Content-Disposition",
        format!("attachment; filename=\"{name}\""),
    ))
}

/// What is held, in words; what there is nothing of is left out.
pub(super) fn rows(held: &Inventory, lang: Lang) -> Vec<Held> {
    [
        ("data-held-requests", held.requests),
        ("data-held-messages", held.messages),
        ("data-held-files", held.files),
        ("data-held-drafts", held.drafts),
        ("data-held-mails", held.mails),
        ("data-held-articles", held.articles),
        ("data-held-sessions", held.sessions),
        ("data-held-events", held.events),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(key, count)| Held {
        label: Message::new(key).render(lang),
        count: integer(lang, count),
    })
    .collect()
}

/// How long what is kept, in words.
fn periods(kept: &Retention, lang: Lang) -> Vec<Period> {
    let days = |days: i64| Message::new("data-days").number("count", days).render(lang);
    let optional = |period: Option<i64>| match period {
        Some(period) => days(period),
        None => Message::new("data-for-ever").render(lang),
    };
    [
        ("data-period-mails", days(kept.mails)),
        ("data-period-articles", days(kept.deflections)),
        ("data-period-sign-ins", days(kept.sign_ins)),
        ("data-period-drafts", days(drafts::KEPT.num_days())),
        (
            "data-period-guest-drafts",
            days(drafts::KEPT_OF_GUEST.num_days()),
        ),
        ("data-period-files", optional(kept.closed_files)),
        ("data-period-requests", optional(kept.closed_texts)),
        ("data-period-account", optional(kept.idle_people)),
    ]
    .into_iter()
    .map(|(key, value)| Period {
        label: Message::new(key).render(lang),
        value,
    })
    .collect()
}
