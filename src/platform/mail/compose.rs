//! From a row of the outbox to the message that leaves.

use std::str::FromStr;
use std::time::SystemTime;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};
use serde::Serialize;
use tera::Context;

use super::Mail;
use crate::config::Settings;
use crate::platform::company::Company;
use crate::platform::web::templates::Templates;

/// Why a mail cannot be written. It would fail again just the same.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template is missing, or names what the data lacks.
    #[error("template: {0}")]
    Template(#[from] tera::Error),
    /// The stored data is not a JSON object.
    #[error("data: {0}")]
    Data(#[from] serde_json::Error),
    /// An address is not one.
    #[error("address {address:?}: {reason}")]
    Address {
        /// The address as stored.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The parts make no message.
    #[error("message: {0}")]
    Message(#[from] lettre::error::Error),
}

/// In whose name a mail is written, and where its links lead.
pub struct Sender<'a> {
    /// Name, address, colours, phone.
    pub company: &'a Company,
    /// The address of the portal.
    pub settings: &'a Settings,
}

/// The colours of links and buttons, in both themes.
#[derive(Serialize)]
struct Accent {
    light: String,
    dark: String,
    fill_light: String,
    fill_dark: String,
}

/// The words of a mail, in its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// Subject, one line.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The same as a page.
    pub html: String,
}

/// Renders both versions of a mail.
///
/// # Errors
/// See [`ComposeError`].
pub fn compose(
    mail: &Mail,
    templates: &Templates,
    sender: &Sender<'_>,
) -> Result<Composed, ComposeError> {
    let data: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&mail.data)?;
    let mut context = Context::new();
    for (name, value) in &data {
        context.insert(name.clone(), value);
    }
    context.insert("lang", &mail.language);
    // Not "subject": that is a word for what a mail is about, and its data may have it.
    context.insert("mail_subject", &mail.subject);
    let Sender { company, settings } = sender;
    // What hours are told by.
    context.insert("portal_zone", company.time_zone.name());
    context.insert("mail_written", &mail.created_at);
    context.insert("brand", &company.full_name());
    context.insert("public_url", &settings.public_url);
    context.insert("phone", &company.phone);
    let [light, dark] = company.palette.accent.map(|colour| colour.to_string());
    let [fill_light, fill_dark] = company.palette.fill.map(|colour| colour.to_string());
    context.insert(
        "accent",
        &Accent {
            light,
            dark,
            fill_light,
            fill_dark,
        },
    );
    let template = |extension: &str| match mail.kind.split_once('/') {
        Some((slice, name)) => format!("{slice}/mails/{name}.{extension}"),
        None => format!("mails/{}.{extension}", mail.kind),
    };
    Ok(Composed {
        subject: mail.subject.clone(),
        text: tidy(&templates.render(&template("txt"), &context)?),
        html: templates.render(&template("html"), &context)?,
    })
}

/// The message with its headers: the same bytes for every attempt.
pub(super) fn message(
    mail: &Mail,
    composed: Composed,
    sender: &Sender<'_>,
) -> Result<Message, ComposeError> {
    let Sender { company, settings } = sender;
    let address = Address::from_str(&mail.to_address)
        .map_err(|error| bad_address(&mail.to_address, &error))?;
    let name = Some(mail.to_name.clone()).filter(|name| !name.is_empty());
    let mut builder = Message::builder()
        .from(company.mail_from.clone())
        .to(Mailbox::new(name, address))
        .subject(composed.subject)
        .date(SystemTime::from(mail.created_at.utc()))
        .message_id(Some(message_id(mail, settings)))
        // RFC 3834: keeps holiday notices and other programs from answering. Exchange knows only
        // its own word for it.
        .raw_header(header(
            "Auto-Submitted",
            if by_person(mail) {
                "no"
            } else {
                "auto-generated"
            },
        ))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .raw_header(header("Content-Language", mail.language.as_str()));
    if let Some(start) = &mail.in_reply_to {
        builder = builder
            .in_reply_to(full_id(start, settings))
            .references(full_id(start, settings));
    }
    let body = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("part-{}", mail.message_id))
        .singlepart(SinglePart::plain(composed.text))
        .singlepart(SinglePart::html(composed.html));
    Ok(builder.multipart(body)?)
}

/// Whether somebody wrote the text themselves: an answer is no notice.
fn by_person(mail: &Mail) -> bool {
    serde_json::from_str::<serde_json::Value>(&mail.data)
        .is_ok_and(|data| data["by_person"] == true)
}

/// The Message-ID under which a mail leaves, in angle brackets.
#[must_use]
pub fn message_id(mail: &Mail, settings: &Settings) -> String {
    full_id(&mail.message_id, settings)
}

fn full_id(local: &str, settings: &Settings) -> String {
    format!("<{local}@{}>", host(&settings.public_url))
}

fn bad_address(address: &str, reason: &dyn std::fmt::Display) -> ComposeError {
    ComposeError::Address {
        address: address.to_owned(),
        reason: reason.to_string(),
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The host of an address without path, as [`Settings::public_url`] is.
fn host(public_url: &str) -> &str {
    let authority = public_url
        .split_once("://")
        .map_or(public_url, |(_, rest)| rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Templates leave white space where their instructions stood: no line ends in a space (but
/// the one that sets off a signature, RFC 3676), no two empty lines follow each other.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = if line == "-- " { line } else { line.trim_end() };
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 1 && !(line.is_empty() && tidied.is_empty()) {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied.push('\n');
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_message_id_has_no_port() {
        assert_eq!(host("https://aide.example"), "aide.example");
        assert_eq!(host("http://127.0.0.1:8000"), "127.0.0.1");
        assert_eq!(host("http://[::1]:8000"), "[::1]");
        assert_eq!(host("http://[::1]"), "[::1]");
    }

    #[test]
    fn text_has_no_gaps() {
        assert_eq!(tidy("\n\n a  \n\n\n\nb\n\n\n"), " a\n\nb\n");
        assert_eq!(tidy("a\n-- \nb"), "a\n-- \nb\n");
        assert_eq!(tidy(""), "\n");
    }
}
