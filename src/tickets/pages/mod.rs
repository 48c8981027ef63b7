//! What customers see of their requests: values ready to print.

mod sample_show;
mod sample_values;

use serde::Serialize;

use super::drafting::DraftView;
use crate::platform::text::SafeHtml;
use crate::platform::web::FormState;
use crate::platform::web::shell::PromiseStep;
use crate::platform::web::view::{self, Sample};
use crate::platform::web::widgets::{Choice, PageLinks, TextLink};

/// Every page of this slice with its sample values.
#[must_use]
pub fn samples() -> Vec<Sample> {
    [
        view::samples::<New>(),
        view::samples::<List>(),
        view::samples::<Show>(),
        view::samples::<GuestFiled>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A request as a counter ticket: what it is, and what comes next.
#[derive(Clone, Debug, Serialize)]
pub struct RequestStub {
    /// Subject.
    pub title: String,
    /// Its page.
    pub href: String,
    /// `logged`, `progress`, `waiting`, `resolved` or `confirmed`.
    pub stage: String,
    /// The stage in the customer's words.
    pub stage_label: String,
    /// Number to quote.
    pub reference: String,
    /// What the end of the ticket tells: "Il manque", "Dernière réponse".
    pub end_label: String,
    /// Its value.
    pub end_value: String,
    /// `neutral`, `ok`, `wait`, `danger` or `accent`.
    pub tone: String,
}

/// Limits of the files that a form takes.
#[derive(Clone, Debug, Serialize)]
pub struct FileLimits {
    /// How many.
    pub max_files: u32,
    /// Bytes of one.
    pub max_file_bytes: u64,
    /// The same as people read it: "20 Mo".
    pub max_file_label: String,
}

/// A kind of request that can be chosen.
#[derive(Clone, Debug, Serialize)]
pub struct TypeTile {
    /// Value of the field.
    pub value: String,
    /// Name.
    pub label: String,
    /// Examples; none shows only the name.
    pub hint: Option<String>,
    /// Icon of the sprite.
    pub icon: String,
}

/// An article that may answer before the request is sent.
#[derive(Clone, Debug, Serialize)]
pub struct RelatedArticle {
    /// Title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Section, or how long it takes to read.
    pub context: String,
}

/// The form of a new request.
#[derive(Clone, Debug, Serialize)]
pub struct New {
    /// Where one is.
    pub crumbs: Vec<TextLink>,
    /// Company of the person.
    pub organisation: Option<String>,
    /// Where the form goes.
    pub action: String,
    /// Where giving up leads.
    pub cancel_href: String,
    /// Whether name and address are asked for.
    pub guest: bool,
    /// Kinds of request.
    pub types: Vec<TypeTile>,
    /// Fields `request_type`, `subject`, `body`, `name`, `email`, `files`.
    pub form: FormState,
    /// Limits of the files.
    #[serde(flatten)]
    pub files: FileLimits,
    /// Articles for the subject as it stands.
    pub related: Vec<RelatedArticle>,
    /// What was typed before.
    pub draft: DraftView,
}

/// A hidden field that keeps a choice while another changes.
#[derive(Clone, Debug, Serialize)]
pub struct KeptField {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// The requests of a person.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    /// Where one is.
    pub crumbs: Vec<TextLink>,
    /// Whether the person has any request, whatever the filter.
    pub any: bool,
    /// Stages with counts.
    pub filters: Vec<Choice>,
    /// Where the search goes.
    pub search_action: String,
    /// What is searched for.
    pub query: String,
    /// What the search may have missed.
    pub notice: Option<String>,
    /// The filter that the search keeps.
    pub kept: Vec<KeptField>,
    /// The page's requests.
    pub requests: Vec<RequestStub>,
    /// Its neighbours.
    pub pages: PageLinks,
    /// The list without filter.
    pub clear_href: String,
    /// The form of a new request.
    pub new_request_href: String,
}

/// One of the five steps.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// `done`, `now`, `todo` or `skipped`.
    pub state: String,
    /// Which stage it is, as in [`RequestStub::stage`].
    pub stage: String,
    /// The stage in words.
    pub label: String,
    /// When, or why not.
    pub note: String,
}

/// A file that can be fetched.
#[derive(Clone, Debug, Serialize)]
pub struct FileLink {
    /// Name as it was sent, made harmless.
    pub name: String,
    /// Size as people read it.
    pub size: String,
    /// `image`, or the extension.
    pub kind: String,
    /// Where it is.
    pub href: String,
}

/// What stands in the thread of a request.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ThreadEntry {
    /// Something written.
    Message(Message),
    /// Something done.
    Event(Event),
}

/// A message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Anchor in the page.
    pub id: String,
    /// Who wrote it; "Vous" for the reader.
    pub author: String,
    /// Company or team.
    pub meta: Option<String>,
    /// For the avatar.
    pub initials: String,
    /// Colour of the avatar, 0 to 7.
    pub hue: u8,
    /// When, in words.
    pub time: String,
    /// When, RFC 3339.
    pub datetime: String,
    /// Whether the reader wrote it.
    pub mine: bool,
    /// Whether it is the one that resolved the request.
    pub solution: bool,
    /// The text.
    pub html: SafeHtml,
    /// Its files.
    pub files: Vec<FileLink>,
}

/// A line of history.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Icon of the sprite.
    pub icon: String,
    /// When, in words.
    pub time: String,
    /// When, RFC 3339.
    pub datetime: String,
    /// What happened, one sentence.
    pub text: String,
}

/// Two facts on a counter ticket: what we know for certain about the request.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// First label.
    pub label: String,
    /// First value.
    pub value: String,
    /// Second label.
    pub end_label: String,
    /// Second value.
    pub end_value: String,
    /// As in [`RequestStub::tone`].
    pub tone: String,
}

/// A label with its value.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// Label.
    pub label: String,
    /// Value.
    pub value: String,
}

/// The reader's own avatar, beside the reply.
#[derive(Clone, Debug, Serialize)]
pub struct Me {
    /// One or two letters.
    pub initials: String,
    /// 0 to 7.
    pub hue: u8,
}

/// A request as its customer sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Show {
    /// Where one is.
    pub crumbs: Vec<TextLink>,
    /// Number to quote.
    pub reference: String,
    /// Subject.
    pub subject: String,
    /// Type, and who filed it when.
    pub facts: Vec<String>,
    /// As in [`RequestStub::stage`]: decides what is asked of the customer.
    pub stage: String,
    /// The five steps.
    pub steps: Vec<Step>,
    /// Where the request is, in one sentence, for narrow screens.
    pub steps_caption: String,
    /// Version the page shows, sent back with a confirmation.
    pub version: i64,
    /// Who waits for the customer.
    pub waiting_from: String,
    /// The message that asks.
    pub question_href: Option<String>,
    /// Where "it is sorted" goes.
    pub confirm_action: String,
    /// Where "reopen" goes.
    pub reopen_action: String,
    /// When it closes by itself, in words.
    pub closes_on: Option<String>,
    /// The page of entries before these.
    pub earlier_href: Option<String>,
    /// How many those are.
    pub earlier_count: i64,
    /// The page of the latest entries, when it is another.
    pub latest_href: Option<String>,
    /// Messages and history, oldest first.
    pub thread: Vec<ThreadEntry>,
    /// Whether the reader came by the link of a mail, without an account.
    pub guest: bool,
    /// Whether a reply is possible.
    pub can_reply: bool,
    /// Where a reply goes.
    pub reply_action: String,
    /// A new request that follows from a closed one.
    pub follow_up_href: String,
    /// Field `body`, and `files`.
    pub form: FormState,
    /// What was typed before; none where there is no form.
    pub draft: Option<DraftView>,
    /// The reader.
    pub me: Option<Me>,
    /// Limits of the files.
    #[serde(flatten)]
    pub files: FileLimits,
    /// What is promised, or what we know for certain.
    pub promise: Facts,
    /// What was promised so far; empty when nothing was.
    pub track: Vec<PromiseStep>,
    /// Type, team, owner, priority.
    pub details: Vec<Detail>,
}

/// What a guest sees after filing a request.
#[derive(Clone, Debug, Serialize)]
pub struct GuestFiled {
    /// Number to quote.
    pub reference: String,
    /// Opening an account.
    pub sign_up_href: String,
    /// Home.
    pub home_href: String,
}
