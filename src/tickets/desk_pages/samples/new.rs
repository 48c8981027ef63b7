//! Samples of filing for a customer.

use super::super::DeskNewPage;
use super::{LONG_WORD, agents, limits, options, priorities, request_types, teams};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::{Fields, FormErrors, FormState};
use crate::tickets::drafting;

pub fn pages() -> Vec<DeskNewPage> {
    let mut fields = Fields::default();
    fields.push("body".to_owned(), format!("{LONG_WORD}\n").repeat(200));
    fields.push("visibility".to_owned(), "internal".to_owned());
    let refused = FormState::refused(
        &fields,
        &FormErrors::one("email", Message::new("form-required")),
        Lang::Fr,
    );
    vec![
        page(FormState::empty().with("channel", "phone")),
        page(refused),
    ]
}

fn page(form: FormState) -> DeskNewPage {
    let form_sent = form.sent;
    DeskNewPage {
        action: "/desk/tickets".to_owned(),
        cancel_href: "/desk".to_owned(),
        form,
        languages: options(&[("fr", "Français"), ("en", "English")]),
        channels: options(&[
            ("phone", "Téléphone"),
            ("mail", "Courriel"),
            ("visit", "Visite"),
            ("web", "Portail"),
        ]),
        request_types: request_types(),
        priorities: priorities(),
        teams: teams(),
        assignees: agents(),
        limits: limits(),
        draft: drafting::samples()[usize::from(form_sent)].clone(),
    }
}
