//! From rows of the outbox to what its pages print.

use rocket::uri;

use super::manage;
use super::pages::{Detail, List, Row, Show, State};
use super::queries::Filter;
use crate::accounts::Manager;
use crate::platform::db::KeysetPage;
use crate::platform::i18n::Message;
use crate::platform::mail::{
    Composed, Mail, MailId, MailStatus, Sender, Transport, compose, message_id,
};
use crate::platform::web::widgets::{Choice, PageLinks};

/// What a mail says. A secret one is shown only while no server is configured: without one
/// nobody else could ever read it, and the links in it are how the first people get in.
pub(super) fn content(manager: &Manager, mail: &Mail) -> Option<Result<Composed, String>> {
    let site = &manager.site;
    let sender = Sender {
        company: &manager.company,
        settings: &site.settings,
    };
    let readable = !mail.secret || !site.part::<Transport>().is_server();
    (readable && !mail.is_blanked())
        .then(|| compose(mail, &site.templates, &sender).map_err(|error| error.to_string()))
}

fn state(manager: &Manager, status: MailStatus) -> State {
    let tone = match status {
        MailStatus::Waiting | MailStatus::Held => "wait",
        MailStatus::Sent => "ok",
        MailStatus::Failed => "danger",
    };
    State {
        label: Message::new(&format!("outbox-state-{status}")).render(manager.lang),
        tone: tone.to_owned(),
    }
}

/// The list; `counts` are of waiting, held and failed mails.
pub(super) fn list(
    manager: &Manager,
    filter: &Filter,
    page: &KeysetPage<Mail>,
    counts: [i64; 3],
) -> List {
    let site = &manager.site;
    let [waiting, held, failed] = counts;
    let status = filter.status.map(MailStatus::as_str);
    let query = Some(filter.address.as_str()).filter(|text| !text.is_empty());
    let choice = |status: Option<MailStatus>, count| {
        let key = match status {
            Some(status) => format!("outbox-status-{status}"),
            None => "outbox-all".to_owned(),
        };
        Choice {
            label: Message::new(&key).render(manager.lang),
            href: address(status.map(MailStatus::as_str), query, None),
            current: filter.status == status,
            count,
        }
    };
    List {
        folder: (!site.part::<Transport>().is_server())
            .then(|| site.settings.data_dir.join("outbox").display().to_string()),
        filters: [
            Some(choice(None, None)),
            Some(choice(Some(MailStatus::Waiting), Some(waiting))),
            // Only a restored site has such mails.
            (held > 0).then(|| choice(Some(MailStatus::Held), Some(held))),
            Some(choice(Some(MailStatus::Sent), None)),
            Some(choice(Some(MailStatus::Failed), Some(failed))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        query: filter.address.clone(),
        status: status.unwrap_or_default().to_owned(),
        filtered: *filter != Filter::default(),
        mails: page.rows.iter().map(|mail| row(manager, mail)).collect(),
        pages: PageLinks {
            previous: page
                .previous
                .map(|cursor| address(status, query, Some(("before", cursor.to_string())))),
            next: page
                .next
                .map(|cursor| address(status, query, Some(("after", cursor.to_string())))),
            note: None,
        },
        test_action: uri!(manage::test).to_string(),
        test_email: manager.me.email.clone(),
    }
}

fn row(manager: &Manager, mail: &Mail) -> Row {
    Row {
        href: uri!(manage::show(mail.id)).to_string(),
        state: state(manager, mail.status),
        subject: mail.subject.clone(),
        recipient: mail.to_address.clone(),
        created: manager.calendar().moment(mail.created_at),
        datetime: mail.created_at.rfc3339(),
    }
}

/// Address of the list with its filters.
fn address(status: Option<&str>, q: Option<&str>, cursor: Option<(&str, String)>) -> String {
    let (after, before) = match &cursor {
        Some(("after", cursor)) => (Some(cursor.as_str()), None),
        Some((_, cursor)) => (None, Some(cursor.as_str())),
        None => (None, None),
    };
    uri!(manage::list(status, q, after, before)).to_string()
}

/// One mail with what it says.
pub(super) fn show(
    manager: &Manager,
    mail: &Mail,
    content: Option<Result<Composed, String>>,
) -> Show {
    let content_is_hidden = content.is_none();
    let (text, broken) = match content {
        Some(Ok(composed)) => (Some(composed.text), None),
        Some(Err(reason)) => (None, Some(reason)),
        None => (None, None),
    };
    let retry_label = match mail.status {
        MailStatus::Held => "outbox-release",
        _ => "outbox-retry",
    };
    Show {
        list_href: address(None, None, None),
        subject: mail.subject.clone(),
        state: state(manager, mail.status),
        wait: wait(manager, mail),
        error: mail.last_error.clone(),
        details: details(manager, mail),
        secret: mail.secret && content_is_hidden,
        html_href: text
            .is_some()
            .then(|| uri!(manage::html(mail.id)).to_string()),
        broken,
        text,
        retry_action: mail
            .can_be_retried()
            .then(|| uri!(manage::retry(mail.id)).to_string()),
        retry_label: Message::new(retry_label).render(manager.lang),
    }
}

/// Why a mail has not left.
fn wait(manager: &Manager, mail: &Mail) -> Option<String> {
    if mail.status == MailStatus::Held {
        return Some(Message::new("outbox-wait-held").render(manager.lang));
    }
    if mail.status != MailStatus::Waiting {
        return None;
    }
    let reason = if !manager.site.part::<Transport>().is_server() {
        Message::new("outbox-wait-no-server")
    } else if mail.next_attempt_at > manager.now {
        let when = manager.calendar().moment(mail.next_attempt_at);
        Message::new("outbox-wait-retry").text("when", when)
    } else {
        Message::new("outbox-wait-soon")
    };
    Some(reason.render(manager.lang))
}

fn details(manager: &Manager, mail: &Mail) -> Vec<Detail> {
    let calendar = manager.calendar();
    let recipient = match mail.to_name.as_str() {
        "" => mail.to_address.clone(),
        name => format!("{name} <{}>", mail.to_address),
    };
    let known = [
        ("outbox-recipient", Some(recipient)),
        ("outbox-created", Some(calendar.moment(mail.created_at))),
        ("outbox-sent", mail.sent_at.map(|at| calendar.moment(at))),
        ("outbox-attempts", Some(mail.attempts.to_string())),
        ("outbox-language", Some(mail.language.endonym().to_owned())),
        ("outbox-kind", Some(mail.kind.clone())),
        (
            "outbox-message-id",
            Some(message_id(mail, &manager.site.settings)),
        ),
    ];
    known
        .into_iter()
        .filter_map(|(key, value)| {
            Some(Detail {
                label: Message::new(key).render(manager.lang),
                value: value?,
            })
        })
        .collect()
}
