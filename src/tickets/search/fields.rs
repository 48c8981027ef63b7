//! The fields of the index of requests.

use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, STORED, Schema, SchemaBuilder};

use crate::platform::search::analysis::indexed_as;
use crate::platform::search::compile::{FieldPlan, SearchedField};
use crate::platform::search::parity::{Origin, print};
use crate::platform::search::terms::Form;
use crate::platform::search::{IndexSpec, Language};

use super::TicketScope;

/// To be raised when requests are written differently under the same schema.
const VERSION: u32 = 3;
/// A reference outweighs any number of words.
const REFERENCE: f32 = 50.0;

pub(super) const UPDATED_AT: &str = "updated_at";
pub(super) const OPEN: &str = "open";

/// A request as the index takes it, all text plain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketDocument {
    /// Request.
    pub id: i64,
    /// As people quote it, for instance `OR-48213`.
    pub reference: String,
    /// Subject.
    pub subject: String,
    /// What the requester may read: messages.
    pub public_text: String,
    /// What only agents may read: notes.
    pub internal_text: String,
    /// The requester.
    pub requester_id: i64,
    /// Their name.
    pub requester_name: String,
    /// Their address.
    pub requester_email: String,
    /// Name of their organisation; may be empty.
    pub organisation: String,
    /// Tags; only agents search them.
    pub tags: Vec<String>,
    /// Whether there is work left.
    pub open: bool,
    /// Last change, in seconds since 1970.
    pub updated_at: i64,
}

/// A text in both stemmed forms, since the language of a request is not known, and unstemmed.
#[derive(Clone, Copy)]
struct Forms([(Field, Form); 3]);

impl Forms {
    fn new(schema: &mut SchemaBuilder, name: &str) -> Self {
        let mut field = |suffix: &str, form| {
            (
                schema.add_text_field(&format!("{name}_{suffix}"), indexed_as(form)),
                form,
            )
        };
        Self([
            field("fr", Form::Stem(Language::Fr)),
            field("en", Form::Stem(Language::En)),
            field("exact", Form::Exact),
        ])
    }

    fn add(&self, document: &mut TantivyDocument, text: &str) {
        for (field, _) in self.0 {
            document.add_text(field, text);
        }
    }

    fn searched(&self, weight: f32) -> impl Iterator<Item = SearchedField> {
        self.0.into_iter().map(move |(field, form)| SearchedField {
            field,
            form,
            weight,
        })
    }
}

pub(super) struct Fields {
    schema: Schema,
    pub id: Field,
    origin: Origin,
    pub requester: Field,
    updated_at: Field,
    open: Field,
    reference: Field,
    people: Field,
    subject: Forms,
    /// All that the requester may read.
    public: Forms,
    /// Notes and tags.
    internal: Forms,
}

impl Fields {
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        let s = &mut schema;
        Self {
            id: s.add_i64_field("id", INDEXED | STORED),
            origin: Origin::new(s),
            requester: s.add_i64_field("requester", INDEXED),
            updated_at: s.add_i64_field(UPDATED_AT, FAST),
            open: s.add_bool_field(OPEN, FAST),
            reference: s.add_text_field("reference", indexed_as(Form::Exact)),
            people: s.add_text_field("people", indexed_as(Form::Exact)),
            subject: Forms::new(s, "subject"),
            public: Forms::new(s, "public"),
            internal: Forms::new(s, "internal"),
            schema: schema.build(),
        }
    }

    pub fn spec(&self) -> IndexSpec {
        IndexSpec {
            schema: self.schema.clone(),
            version: VERSION,
        }
    }

    pub fn plan(&self, scope: TicketScope) -> FieldPlan {
        let exact = |field, weight| SearchedField {
            field,
            form: Form::Exact,
            weight,
        };
        let mut plan = FieldPlan {
            scored: vec![exact(self.reference, REFERENCE), exact(self.people, 2.0)],
            everything: self.public.searched(1.0).collect(),
            phrases: self
                .subject
                .searched(2.0)
                .chain(self.public.searched(1.0))
                .collect(),
        };
        plan.scored.extend(self.subject.searched(2.5));
        plan.scored.extend(self.public.searched(1.0));
        if scope == TicketScope::Agent {
            plan.scored.extend(self.internal.searched(0.8));
            plan.everything.extend(self.internal.searched(1.0));
        }
        plan
    }

    pub fn document(&self, ticket: &TicketDocument) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_i64(self.id, ticket.id);
        self.origin.add(&mut document, ticket.id, print(ticket));
        document.add_i64(self.requester, ticket.requester_id);
        document.add_i64(self.updated_at, ticket.updated_at);
        document.add_bool(self.open, ticket.open);
        document.add_text(self.reference, &ticket.reference);
        self.subject.add(&mut document, &ticket.subject);
        for text in [&ticket.reference, &ticket.subject, &ticket.public_text] {
            self.public.add(&mut document, text);
        }
        for text in [
            &ticket.requester_name,
            &ticket.requester_email,
            &ticket.organisation,
        ] {
            document.add_text(self.people, text);
            self.public.add(&mut document, text);
        }
        self.internal.add(&mut document, &ticket.internal_text);
        for tag in &ticket.tags {
            self.internal.add(&mut document, tag);
        }
        document
    }
}
