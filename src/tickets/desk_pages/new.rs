//! A request filed by an agent for a customer.

use serde::Serialize;

use super::{SelectOption, UploadLimits};
use crate::platform::web::form::FormState;
use crate::platform::web::view::View;
use crate::tickets::drafting::DraftView;

/// `GET /desk/new`, posted to `/desk/tickets`.
#[derive(Debug, Serialize)]
pub struct DeskNewPage {
    /// Where the form goes.
    pub action: String,
    /// Where giving up leads.
    pub cancel_href: String,
    /// Values: `email`, `name`, `language`, `channel` (`phone`, `mail`, `visit`, `web`),
    /// `request_type`, `priority`, `team`, `assignee`, `subject`, `body`, `visibility` (`public`
    /// or `internal`; nothing is `public`). Files: `files`.
    pub form: FormState,
    /// Languages to answer in.
    pub languages: Vec<SelectOption>,
    /// How the customer reached the desk.
    pub channels: Vec<SelectOption>,
    /// Types in use.
    pub request_types: Vec<SelectOption>,
    /// All four.
    pub priorities: Vec<SelectOption>,
    /// All teams; the template adds the choice of the type's own.
    pub teams: Vec<SelectOption>,
    /// Agents; the template adds the choice of nobody.
    pub assignees: Vec<SelectOption>,
    /// What may be attached.
    pub limits: UploadLimits,
    /// What was typed before.
    pub draft: DraftView,
}

impl View for DeskNewPage {
    const TEMPLATE: &'static str = "tickets/desk/new.html";

    fn samples() -> Vec<Self> {
        super::samples::new::pages()
    }
}
