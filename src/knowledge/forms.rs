//! What the form of a new request tells about the articles opened from it.

use rocket::{Route, post, routes};

use super::deflections::{self, FormKey};
use super::model::ArticleId;
use super::queries;
use crate::accounts::Visitor;
use crate::platform::db::StorageError;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::clean_line;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::{Failure, Fields, Outcome, Posted, Reply};

/// Characters of a subject that are kept.
const SUBJECT: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    routes![opened, settled]
}

/// The key of the form: under its own name, or under the one that forms carry it by, when a
/// button of the form itself is pressed.
fn form_key(fields: &Fields) -> Option<FormKey> {
    FormKey::parse(fields.get("form_key")).or_else(|| FormKey::parse(fields.get("key")))
}

/// Address of an article as a page of ours links to it.
fn address(text: &str) -> Option<(Lang, String)> {
    // No address of ours holds a NUL, and PostgreSQL takes none.
    let text = (!text.contains('\0')).then_some(text)?;
    let (lang, slug) = text.strip_prefix('/')?.split_once("/articles/")?;
    Some((lang.parse().ok()?, slug.to_owned()))
}

/// Opens an article from the form of a new request, and remembers that it was.
#[post("/deflections", data = "<form>")]
async fn opened(form: Posted<Visitor>) -> Outcome {
    let visitor = form.who;
    let (lang, slug) = address(form.fields.get("article")).ok_or(Failure::NotFound)?;
    let subject: String = clean_line(form.fields.get("subject"))
        .chars()
        .take(SUBJECT)
        .collect();
    let (reader, name) = (visitor.audience(), slug.clone());
    let article = visitor
        .site
        .db
        .read(move |conn| {
            queries::find_article(conn, lang, &name, reader).map_err(StorageError::from)
        })
        .await?
        .ok_or(Failure::NotFound)?;
    let href = super::model::article_path(lang, &slug);
    if let Some(key) = form_key(&form.fields) {
        remember(&visitor, key, article.id, subject).await?;
    }
    Ok(Reply::see_other(href))
}

async fn remember(
    visitor: &Visitor,
    key: FormKey,
    article: ArticleId,
    subject: String,
) -> Result<(), Failure> {
    visitor.count_search()?;
    visitor
        .site
        .db
        .write(visitor.actor(), move |tx| {
            deflections::record_opened(tx, &key, article, &subject).map_err(StorageError::from)
        })
        .await
        .map_err(Failure::from)
}

/// It is settled: no request is filed.
#[post("/deflections/settled", data = "<form>")]
async fn settled(form: Posted<Visitor>) -> Outcome {
    let visitor = form.who;
    if let Some(key) = form_key(&form.fields) {
        visitor
            .site
            .db
            .write(visitor.actor(), move |tx| {
                deflections::settle(tx, &key).map_err(StorageError::from)
            })
            .await?;
    }
    let thanks = Message::new("knowledge-settled");
    Ok(Reply::see_other("/").with_flash(FlashKind::Ok, thanks))
}
