//! One request: properties, thread, composer, customer.

use serde::Serialize;

use super::{DueMark, Moment, SelectOption, TextLink, UploadLimits};
use crate::platform::text::SafeHtml;
use crate::platform::web::form::FormState;
use crate::platform::web::view::View;
use crate::tickets::drafting::DraftView;

/// A request at the desk: `GET /desk/tickets/<reference>`.
///
/// Answered with 422 when a form was refused and with 409 when `composer.collision` is set.
#[derive(Debug, Serialize)]
pub struct DeskTicketPage {
    /// `OR-48213`.
    pub reference: String,
    /// Where it lives, without query.
    pub href: String,
    /// As the customer wrote it.
    pub subject: String,
    /// `logged` to `confirmed`.
    pub stage: String,
    /// Its name at the desk.
    pub stage_label: String,
    /// The list that the agent came from.
    pub back: TextLink,
    /// The request before in that list.
    pub previous: Option<String>,
    /// The request after in that list.
    pub next: Option<String>,
    /// When it was filed.
    pub filed: Moment,
    /// What is due next.
    pub due: Option<DuePanel>,
    /// Where due times are itemised.
    pub clock_href: String,
    /// What can be changed.
    pub properties: Properties,
    /// What cannot.
    pub details: TicketDetails,
    /// What was said and done.
    pub thread: Thread,
    /// Where the agent writes.
    pub composer: Composer,
    /// Who asks.
    pub requester: RequesterPanel,
    /// Their other requests, newest first.
    pub others: Vec<OtherRequest>,
    /// All of them, when there are more than shown.
    pub others_link: Option<TextLink>,
    /// What they read before filing.
    pub articles: Vec<ArticleRead>,
    /// The full history.
    pub history_href: String,
}

/// The clock of a request.
#[derive(Clone, Debug, Serialize)]
pub struct DuePanel {
    /// What is due: `Première réponse`.
    pub label: String,
    /// What is left of it.
    pub mark: DueMark,
    /// How that is: `dans les temps`.
    pub badge: String,
    /// By when, or that the clock stands still.
    pub note: String,
    /// The itemised statement.
    pub href: String,
}

/// The properties form.
#[derive(Debug, Serialize)]
pub struct Properties {
    /// `/desk/tickets/<reference>/properties`.
    pub action: String,
    /// Values: `version`, `status`, `priority`, `team`, `assignee`, `request_type`, `tags`
    /// (separated by commas). No team and no assignee are the empty text.
    pub form: FormState,
    /// The present status and those that may follow it.
    pub statuses: Vec<SelectOption>,
    /// All four.
    pub priorities: Vec<SelectOption>,
    /// All teams; the template adds the choice of none.
    pub teams: Vec<SelectOption>,
    /// Those who may take it; the template adds the choice of nobody.
    pub assignees: Vec<SelectOption>,
    /// Types in use and the present one.
    pub request_types: Vec<SelectOption>,
    /// Tags in use, to complete from.
    pub known_tags: Vec<String>,
}

/// What the desk knows of the request and cannot change.
#[derive(Debug, Serialize)]
pub struct TicketDetails {
    /// `Portail`, `Courriel`, `Téléphone` …
    pub channel: String,
    /// Language of the request.
    pub language: String,
    /// When it was filed.
    pub created: Moment,
    /// When the first public answer went out.
    pub first_response: Option<Moment>,
}

/// What was said and done, oldest first.
#[derive(Debug, Serialize)]
pub struct Thread {
    /// What is shown: `all`, `public` or `notes`, as in `?show=`.
    pub show: String,
    /// How many public messages there are.
    pub public_count: i64,
    /// How many notes there are.
    pub note_count: i64,
    /// In order.
    pub items: Vec<ThreadItem>,
    /// A link to what came before, when not all is shown.
    pub earlier: Option<TextLink>,
    /// A link to the end, when that is not what is shown.
    pub latest: Option<TextLink>,
}

/// One entry of the thread.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ThreadItem {
    /// Something written.
    Message(DeskMessage),
    /// Something done.
    Event(EventLine),
}

/// Who wrote a message and who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// From the customer.
    Customer,
    /// From the desk to the customer.
    Agent,
    /// Within the desk.
    Note,
}

/// Something written.
#[derive(Debug, Serialize)]
pub struct DeskMessage {
    /// Anchor in the page: `message-3`.
    pub id: String,
    /// Who may read it.
    pub kind: MessageKind,
    /// Name.
    pub author: String,
    /// One or two letters.
    pub initials: String,
    /// 0 to 7.
    pub hue: u8,
    /// Company or team of the author.
    pub affiliation: Option<String>,
    /// How it came or to whom it went, when worth saying: `par courriel`, `envoyé à Claire`.
    pub route: Option<String>,
    /// When.
    pub at: Moment,
    /// The text.
    pub html: SafeHtml,
    /// What came with it.
    pub files: Vec<File>,
    /// Whether it resolved the request.
    pub solution: bool,
    /// Whether it came after the page that a refused reply was written on.
    pub new: bool,
}

/// An attached file; arguments of the `file_card` component.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    /// As it was called.
    pub name: String,
    /// `38 Ko`.
    pub size: String,
    /// `image` or the ending: `csv`.
    pub kind: String,
    /// Where to download it.
    pub href: String,
}

/// Something done.
#[derive(Debug, Serialize)]
pub struct EventLine {
    /// Name in the sprite.
    pub icon: String,
    /// The act, as a sentence that says who, unless the program did.
    pub text: String,
    /// Its particulars, one a line: `Priorité : Normale → Haute`.
    pub lines: Vec<String>,
    /// When.
    pub at: Moment,
}

/// Where the agent writes.
#[derive(Debug, Serialize)]
pub struct Composer {
    /// Where the form goes.
    pub action: String,
    /// Values: `version` (the version of the request that this page shows), `kind` (`reply` or
    /// `note`; nothing is `reply`), `body`, `status` (one of `statuses`). Files: `files`.
    pub form: FormState,
    /// To whom a reply goes: `Claire Fontanel`.
    pub to: String,
    /// The status after sending, the first to keep the present one. Values are sent as `status`;
    /// labels name the effect: `garder En cours`, `passer à En attente client`.
    pub statuses: Vec<SelectOption>,
    /// What may be attached.
    pub limits: UploadLimits,
    /// Whether the customer can be answered; notes can always be added.
    pub can_reply: bool,
    /// Set when somebody wrote after this text was begun.
    pub collision: Option<Collision>,
    /// What was typed before.
    pub draft: DraftView,
}

/// Somebody else wrote meanwhile. `composer.form` keeps the text and holds the new version.
#[derive(Debug, Serialize)]
pub struct Collision {
    /// First name of who wrote last.
    pub who: String,
    /// How many messages are new.
    pub count: i64,
    /// Anchor of the first of them.
    pub first_new: String,
}

/// Who asks.
#[derive(Debug, Serialize)]
pub struct RequesterPanel {
    /// Full name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// 0 to 7.
    pub hue: u8,
    /// Address.
    pub email: String,
    /// Number, when known.
    pub phone: Option<String>,
    /// Language they are answered in.
    pub language: String,
    /// Their company.
    pub organisation: Option<String>,
    /// `Cliente depuis mars 2024`.
    pub since: String,
    /// Whether they can sign in.
    pub has_account: bool,
    /// Whether the request came without signing in, and they have not taken it up as theirs.
    pub unproven: bool,
    /// Ends the links that open the request without signing in, for who has no other way.
    pub end_links_action: Option<String>,
}

/// Another request of the same person.
#[derive(Debug, Serialize)]
pub struct OtherRequest {
    /// As they wrote it.
    pub subject: String,
    /// Its page.
    pub href: String,
    /// `logged` to `confirmed`.
    pub stage: String,
    /// Its name at the desk.
    pub stage_label: String,
    /// When something last happened: `mar. 17`.
    pub when: String,
}

/// An article that the customer read before filing.
#[derive(Debug, Serialize)]
pub struct ArticleRead {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// When: `12 h 51`.
    pub when: String,
}

impl View for DeskTicketPage {
    const TEMPLATE: &'static str = "tickets/desk/ticket.html";

    fn samples() -> Vec<Self> {
        super::samples::ticket::pages()
    }
}
