//! What people come for, from the first page to the last.

mod brand;
mod customer;
mod desk;
mod drafts;
mod factor;
mod guest;
mod keyboard;
mod keys_alone;
mod manager;
mod mistakes;
mod plain;
mod plain_account;
mod plain_guest;
mod visitor;

use guichet::accounts::Person;
use guichet::forms::list_request_types;
use guichet::tickets::commands::{NewTicket, file_ticket};
use guichet::tickets::{AuthorKind, Channel};
use libtest_mimic::Trial;
use rocket::futures::future::BoxFuture;

use crate::harness::{PASSWORD, Screen, Stage, Tab, css, label, run};

type Journey = for<'s> fn(&'s Stage) -> BoxFuture<'s, ()>;

const JOURNEYS: &[(&str, Journey)] = &[
    ("a_visitor_finds_an_article", |s| {
        Box::pin(visitor::finds_an_article(s))
    }),
    ("a_visitor_needs_no_scripts", |s| {
        Box::pin(visitor::needs_no_scripts(s))
    }),
    ("a_guest_files_a_request", |s| {
        Box::pin(guest::files_a_request(s))
    }),
    ("a_customer_is_helped", |s| Box::pin(customer::is_helped(s))),
    ("a_customer_needs_no_scripts", |s| {
        Box::pin(plain::needs_no_scripts(s))
    }),
    ("an_account_needs_no_scripts", |s| {
        Box::pin(plain_account::needs_no_scripts(s))
    }),
    ("a_guest_needs_no_scripts", |s| {
        Box::pin(plain_guest::needs_no_scripts(s))
    }),
    ("a_brand_is_worn", |s| Box::pin(brand::is_worn(s))),
    ("a_manager_sets_up", |s| Box::pin(manager::sets_up(s))),
    ("two_steps_guard_an_account", |s| {
        Box::pin(factor::guards_an_account(s))
    }),
    ("the_desk_fits_its_window", |s| {
        Box::pin(desk::fits_its_window(s))
    }),
    ("mistakes_leave_the_text", |s| {
        Box::pin(mistakes::leave_the_text(s))
    }),
    ("mistakes_outlive_a_session", |s| {
        Box::pin(mistakes::outlive_a_session(s))
    }),
    ("mistakes_lead_on", |s| Box::pin(mistakes::lead_on(s))),
    ("drafts_outlive_their_page", |s| {
        Box::pin(drafts::outlive_their_page(s))
    }),
    ("drafts_stay_notes", |s| Box::pin(drafts::stay_notes(s))),
    ("drafts_begin_anew", |s| {
        Box::pin(drafts::begin_anew_after_sending(s))
    }),
    ("drafts_of_guests", |s| Box::pin(drafts::of_guests(s))),
    ("drafts_outlive_the_server", |s| {
        Box::pin(drafts::outlive_the_server(s))
    }),
    ("drafts_outlive_their_session", |s| {
        Box::pin(drafts::outlive_their_session(s))
    }),
    ("the_keyboard_reaches_everything", |s| {
        Box::pin(keyboard::reaches_everything(s))
    }),
    ("the_keyboard_works_the_desk", |s| {
        Box::pin(keyboard::works_the_desk(s))
    }),
    ("the_keyboard_alone_does_the_work", |s| {
        Box::pin(keys_alone::do_the_work(s))
    }),
];

/// Every journey on every screen.
pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for &(name, journey) in JOURNEYS {
        for screen in Screen::ALL {
            let play = move || run(name, screen, journey);
            trials.push(Trial::test(format!("{name}::{screen}"), play));
        }
    }
    trials
}

async fn sign_in(tab: &Tab, email: &str) {
    sign_in_with(tab, email, PASSWORD).await;
}

async fn sign_in_with(tab: &Tab, email: &str, password: &str) {
    tab.open("/sign-in").await;
    tab.fill("email", email).await;
    tab.fill("password", password).await;
    tab.follow(&label(&tab.screen.t("sign-in-button"))).await;
}

/// The menu behind the name of who is signed in.
async fn open_account_menu(tab: &Tab) {
    tab.click(&css(".account > summary")).await;
}

/// On a phone some panels of the desk are behind a button.
async fn open_drawer(tab: &Tab, panel: &str) {
    let toggle = css(&format!(".panel-toggle-{panel}"));
    if tab.sees(&toggle).await {
        tab.click(&toggle).await;
    }
}

/// A request that somebody filed earlier; says where its customer reads it.
async fn request(stage: &Stage, from: &Person, subject: &str) -> String {
    let (requester, subject, language) = (from.clone(), subject.to_owned(), stage.screen.lang);
    let filed = stage.world.write(move |tx| {
        tx.actor = requester.actor();
        let kinds = list_request_types(tx.conn)?;
        let new = NewTicket {
            requester: requester.clone(),
            subject: subject.clone(),
            body: "It worked on Friday.".into(),
            files: Vec::new(),
            request_type: kinds.into_iter().next().expect("a new portal has kinds"),
            channel: Channel::Web,
            language,
            prefix: "GU".to_owned(),
            form_key: None,
            author: AuthorKind::Customer,
        };
        file_ticket(tx, &new)
    });
    format!("/requests/{}", filed.await.reference)
}
