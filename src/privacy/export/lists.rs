//! Everything else that is held, as lists.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::archive::Archive;
use super::listing::{BATCH, Listing};
use super::pages::IndexSection;
use super::{ExportError, Job};
use crate::accounts::STREAM;
use crate::platform::db::{Conn, Timestamp};
use crate::platform::i18n::Lang;
use crate::platform::mail::{Mail, Sender, compose};
use crate::schema::{articles, deflections, draft_files, drafts, events, mails, messages, tickets};
use crate::tickets::Visibility;

/// Writes all lists.
pub(super) fn write(
    copy: &Job<'_>,
    archive: &mut Archive,
) -> Result<Vec<IndexSection>, ExportError> {
    Ok(vec![
        ELSEWHERE.write(copy, archive)?,
        DRAFTS.write(copy, archive)?,
        MAILS.write(copy, archive)?,
        ARTICLES.write(copy, archive)?,
        HISTORY.write(copy, archive)?,
    ])
}

/// Something the person wrote on a request that is somebody else's.
#[derive(Serialize)]
struct Elsewhere {
    reference: String,
    at: String,
    text: String,
    #[serde(skip)]
    moment: Timestamp,
}

const ELSEWHERE: Listing<Elsewhere> = Listing {
    name: "messages",
    title: "export-messages",
    columns: &["export-reference", "export-moment", "export-words"],
    after: |conn, copy, after| {
        let rows: Vec<(i64, String, Timestamp, String)> = messages::table
            .inner_join(tickets::table)
            .filter(messages::author_id.eq(copy.person.id))
            .filter(messages::id.gt(crate::tickets::MessageId(after)))
            .filter(messages::visibility.eq(Visibility::Public))
            .filter(tickets::requester_id.ne(copy.person.id))
            .order(messages::id.asc())
            .limit(BATCH)
            .select((
                messages::id,
                tickets::reference,
                messages::created_at,
                messages::body,
            ))
            .load(conn)?;
        let told = |(id, reference, moment, text): (_, _, Timestamp, _)| {
            let at = moment.rfc3339();
            (
                id,
                Elsewhere {
                    reference,
                    at,
                    text,
                    moment,
                },
            )
        };
        Ok(rows.into_iter().map(told).collect())
    },
    cells: |copy, row| {
        vec![
            row.reference.clone(),
            copy.calendar.moment(row.moment),
            row.text.clone(),
        ]
    },
};

/// Something typed and not sent.
#[derive(Serialize)]
struct Unsent {
    form: String,
    changed_at: String,
    fields: Value,
    files: Vec<String>,
    #[serde(skip)]
    moment: Timestamp,
}

const DRAFTS: Listing<Unsent> = Listing {
    name: "drafts",
    title: "export-drafts",
    columns: &["export-moment", "export-words"],
    after: list_drafts,
    cells: |copy, row| {
        let fields = row.fields.as_object();
        let mut words: Vec<&str> = fields
            .into_iter()
            .flat_map(|fields| fields.values().filter_map(Value::as_str))
            .filter(|text| !text.is_empty())
            .collect();
        words.extend(row.files.iter().map(String::as_str));
        vec![copy.calendar.moment(row.moment), words.join("\n")]
    },
};

fn list_drafts(conn: &mut Conn, copy: &Job<'_>, after: i64) -> QueryResult<Vec<(i64, Unsent)>> {
    let rows: Vec<(i64, String, String, Timestamp)> = drafts::table
        .filter(drafts::person_id.eq(copy.person.id))
        .filter(drafts::id.gt(after))
        .order(drafts::id.asc())
        .limit(BATCH)
        .select((drafts::id, drafts::form, drafts::fields, drafts::updated_at))
        .load(conn)?;
    let mut told = Vec::with_capacity(rows.len());
    for (id, form, fields, moment) in rows {
        let files = draft_files::table
            .filter(draft_files::draft_id.eq(id))
            .order(draft_files::id.asc())
            .select(draft_files::name)
            .load(conn)?;
        let unsent = Unsent {
            form,
            changed_at: moment.rfc3339(),
            fields: serde_json::from_str(&fields).unwrap_or_default(),
            files,
            moment,
        };
        told.push((id, unsent));
    }
    Ok(told)
}

/// A mail that was sent to the person, or waits to be.
#[derive(Serialize)]
struct Letter {
    subject: String,
    ordered_at: String,
    sent_at: Option<String>,
    /// Nothing when it opened the way in, or is not kept any more.
    text: Option<String>,
    #[serde(skip)]
    moment: Timestamp,
}

const MAILS: Listing<Letter> = Listing {
    name: "mails",
    title: "export-mails",
    columns: &["export-moment", "export-subject"],
    after: |conn, copy, after| {
        let rows: Vec<Mail> = mails::table
            .filter(mails::to_address.eq(&copy.person.email))
            .filter(mails::id.gt(crate::platform::mail::MailId(after)))
            .order(mails::id.asc())
            .limit(BATCH)
            .select(Mail::as_select())
            .load(conn)?;
        let sender = Sender {
            company: &copy.site.company.get(),
            settings: &copy.site.settings,
        };
        let told = |mail: Mail| {
            let shown = !mail.secret && !mail.is_blanked();
            let composed = shown.then(|| compose(&mail, &copy.site.templates, &sender));
            let letter = Letter {
                ordered_at: mail.created_at.rfc3339(),
                sent_at: mail.sent_at.map(Timestamp::rfc3339),
                text: composed.and_then(Result::ok).map(|composed| composed.text),
                moment: mail.created_at,
                subject: mail.subject,
            };
            (mail.id.0, letter)
        };
        Ok(rows.into_iter().map(told).collect())
    },
    cells: |copy, row| vec![copy.calendar.moment(row.moment), row.subject.clone()],
};

/// An article that was opened while a request was being written.
#[derive(Serialize)]
struct Opened {
    article: String,
    language: String,
    subject_typed: String,
    opened_at: String,
    #[serde(skip)]
    moment: Timestamp,
}

const ARTICLES: Listing<Opened> = Listing {
    name: "articles",
    title: "export-articles",
    columns: &["export-moment", "export-article", "export-subject"],
    after: |conn, copy, after| {
        let rows: Vec<(i64, String, Lang, String, Timestamp)> = deflections::table
            .inner_join(articles::table)
            .filter(deflections::person_id.eq(copy.person.id))
            .filter(deflections::id.gt(after))
            .order(deflections::id.asc())
            .limit(BATCH)
            .select((
                deflections::id,
                articles::title,
                articles::language,
                deflections::subject,
                deflections::opened_at,
            ))
            .load(conn)?;
        let told = |(id, article, language, subject_typed, moment): (_, _, Lang, _, Timestamp)| {
            let opened = Opened {
                article,
                language: language.as_str().to_owned(),
                subject_typed,
                opened_at: moment.rfc3339(),
                moment,
            };
            (id, opened)
        };
        Ok(rows.into_iter().map(told).collect())
    },
    cells: |copy, row| {
        vec![
            copy.calendar.moment(row.moment),
            row.article.clone(),
            row.subject_typed.clone(),
        ]
    },
};

/// Something that happened to the account.
#[derive(Serialize)]
struct Happened {
    at: String,
    kind: String,
    /// `me`, `other` or `portal`.
    by: &'static str,
    details: Value,
    #[serde(skip)]
    moment: Timestamp,
}

type Event = (i64, Timestamp, String, String, Option<i64>);

const HISTORY: Listing<Happened> = Listing {
    name: "history",
    title: "export-history",
    columns: &["export-moment", "export-event", "export-details"],
    after: |conn, copy, after| {
        let me = copy.person.id.0;
        let rows: Vec<Event> = events::table
            .filter(events::stream.eq(STREAM))
            .filter(events::stream_id.eq(me))
            .filter(events::seq.gt(after))
            .order(events::seq.asc())
            .limit(BATCH)
            .select((
                events::seq,
                events::at,
                events::kind,
                events::data,
                events::actor_id,
            ))
            .load(conn)?;
        let told = |(seq, moment, kind, data, actor): Event| {
            let happened = Happened {
                at: moment.rfc3339(),
                kind,
                by: match actor {
                    Some(id) if id == me => "me",
                    Some(_) => "other",
                    None => "portal",
                },
                details: serde_json::from_str(&data).unwrap_or_default(),
                moment,
            };
            (seq, happened)
        };
        Ok(rows.into_iter().map(told).collect())
    },
    cells: |copy, row| {
        let details = row.details.as_object().map(|details| {
            let parts = details.iter().filter(|(_, value)| !value.is_null());
            let parts: Vec<String> = parts
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            parts.join("\n")
        });
        vec![
            copy.calendar.moment(row.moment),
            row.kind.replace('_', " "),
            details.unwrap_or_default(),
        ]
    },
};
