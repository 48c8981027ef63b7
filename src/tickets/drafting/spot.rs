//! The forms that have a draft, and who may reach it.

use diesel::QueryResult;

use super::revision;
use crate::accounts::Person;
use crate::drafts::{Place, Save};
use crate::platform::db::Conn;
use crate::platform::web::Fields;
use crate::platform::web::idempotency::form_key;
use crate::platform::web::kept::DRAFT;
use crate::tickets::model::Ticket;
use crate::tickets::queries::{Scope, find_for_desk, find_ticket};

crate::text_enum! {
    /// A form in which somebody writes.
    Form {
        /// A customer's new request.
        Request = "request",
        /// A customer's reply to a ticket.
        Reply = "reply",
        /// A request that an agent files for a customer.
        DeskRequest = "desk-request",
        /// An agent's reply to a ticket, or note on it: one form, with one text.
        Message = "message",
    }
}

/// Fields that people write in: with nothing in them there is nothing to keep.
const WRITTEN: [&str; 4] = ["subject", "body", "email", "name"];

/// Characters of a value that is chosen and not written.
const CHOSEN: usize = 40;

impl Form {
    /// Its fields and how many characters each may have.
    const fn fields(self) -> &'static [(&'static str, usize)] {
        match self {
            Self::Request => &[
                ("request_type", CHOSEN),
                ("subject", 200),
                ("body", 20_000),
                ("name", 120),
                ("email", 254),
            ],
            Self::Reply => &[("body", 20_000)],
            Self::DeskRequest => &[
                ("email", 254),
                ("name", 120),
                ("channel", CHOSEN),
                ("language", CHOSEN),
                ("subject", 200),
                ("body", 20_000),
                ("visibility", CHOSEN),
                ("request_type", CHOSEN),
                ("priority", CHOSEN),
                ("team", CHOSEN),
                ("assignee", CHOSEN),
            ],
            Self::Message => &[("kind", CHOSEN), ("version", CHOSEN), ("body", 20_000)],
        }
    }

    /// What a form shows, to be kept.
    ///
    /// # Errors
    /// The field that has more than may be sent.
    pub fn read(self, fields: &Fields) -> Result<Save, &'static str> {
        let cut = self.cut(fields);
        let long = self.fields().iter().find(|(name, _)| {
            let kept = cut.fields.get(*name).map_or("", String::as_str);
            kept.len() < unix_lines(fields.get(name)).len()
        });
        long.map_or(Ok(cut), |(name, _)| Err(name))
    }

    /// As [`Form::read`], with no more of each field than may be sent.
    pub fn cut(self, fields: &Fields) -> Save {
        let kept = self.fields().iter().filter(|(name, _)| fields.has(name));
        Save {
            fields: kept
                .map(|&(name, max)| {
                    let value = unix_lines(fields.get(name)).chars().take(max).collect();
                    (name.to_owned(), value)
                })
                .collect(),
            blank: WRITTEN
                .iter()
                .all(|name| fields.get(name).trim().is_empty()),
            revision: revision(fields),
            form_key: form_key(fields).unwrap_or_default(),
            ..Save::default()
        }
    }
}

/// Browsers send the ends of lines in another way than scripts read them.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// One form about one thing, which its reader may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub form: Form,
    subject: i64,
    reference: String,
}

impl Spot {
    /// A form that is about nothing yet.
    pub const fn new(form: Form) -> Self {
        Self {
            form,
            subject: 0,
            reference: String::new(),
        }
    }

    /// A form on a ticket.
    pub fn on(form: Form, ticket: &Ticket) -> Self {
        Self {
            form,
            subject: ticket.id.0,
            reference: ticket.reference.clone(),
        }
    }

    /// The spot of a key, if it is there for who asks: a ticket's only while they may see it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn find(conn: &mut Conn, me: Option<&Person>, key: &str) -> QueryResult<Option<Self>> {
        let Some((form, reference)) = parse(key) else {
            return Ok(None);
        };
        let is_agent = me.is_some_and(|me| me.role.is_agent());
        let ticket = match (form, me) {
            (Form::Request | Form::DeskRequest, _) => {
                let theirs = form == Form::Request || is_agent;
                return Ok((theirs && reference.is_empty()).then(|| Self::new(form)));
            }
            (Form::Reply, Some(me)) => find_ticket(conn, Scope::Requester(me.id), reference)?,
            (Form::Message, _) if is_agent => find_for_desk(conn, reference)?,
            (Form::Reply | Form::Message, _) => None,
        };
        Ok(ticket.map(|ticket| Self::on(form, &ticket)))
    }

    /// The reference that a key names; nothing when it names none.
    pub fn reference_in(key: &str) -> &str {
        match parse(key) {
            Some((Form::Reply | Form::Message, reference)) => reference,
            _ => "",
        }
    }

    /// The spot that a form names, if it is there for this person.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(conn: &mut Conn, me: &Person, fields: &Fields) -> QueryResult<Option<Self>> {
        Self::find(conn, Some(me), fields.get(DRAFT))
    }

    /// Where its draft is kept.
    pub const fn place(&self) -> Place {
        Place {
            form: self.form.as_str(),
            subject: self.subject,
        }
    }

    /// What it is called in an address and in the form.
    pub fn key(&self) -> String {
        match self.subject {
            0 => self.form.to_string(),
            _ => format!("{}-{}", self.form, self.reference),
        }
    }

    /// The page with the form.
    pub fn href(&self) -> String {
        match self.form {
            Form::Request => "/requests/new".to_owned(),
            Form::Reply => format!("/requests/{}#reply", self.reference),
            Form::DeskRequest => "/desk/new".to_owned(),
            Form::Message => format!("/desk/tickets/{}#composer", self.reference),
        }
    }

    /// What a sent form is told apart by, beside its key.
    pub fn address(&self) -> String {
        match self.form {
            Form::Request => "/requests".to_owned(),
            Form::Reply => format!("/requests/{}", self.reference),
            Form::DeskRequest => "/desk/tickets".to_owned(),
            Form::Message => self.reference.clone(),
        }
    }
}

/// The form and the reference in a key that one of ours bears.
fn parse(key: &str) -> Option<(Form, &str)> {
    Form::ALL.iter().find_map(|&form| {
        let rest = key.strip_prefix(form.as_str())?;
        let reference = rest.strip_prefix('-').unwrap_or(rest);
        // Exactly that key.
        let exact = rest.is_empty() == reference.is_empty();
        exact.then_some((form, reference))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.push((*name).to_owned(), (*value).to_owned());
        }
        fields
    }

    #[test]
    fn only_the_forms_own_fields_are_kept_within_their_limits() {
        let long = "é".repeat(20_001);
        let sent = fields(&[("body", &long), ("csrf", "x"), ("status", "solved")]);
        assert_eq!(Form::Message.read(&sent), Err("body"));
        let cut = Form::Message.cut(&sent);
        assert_eq!(cut.fields.len(), 1);
        assert_eq!(cut.fields["body"].chars().count(), 20_000);
    }

    #[test]
    fn what_was_only_chosen_is_nothing_to_keep() {
        let chosen = fields(&[
            ("language", "fr"),
            ("body", " \r\n"),
            ("draft_revision", "7"),
        ]);
        let save = Form::DeskRequest.read(&chosen).expect("it is short");
        assert!(save.blank);
        assert_eq!(save.revision, 7);
        assert_eq!(save.fields["body"], " \n");
    }
}
