//! Links that set a password: once, in time, for their own purpose.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::commands::{self, issue_first_manager_link};
use guichet::accounts::tokens::{self, Purpose};
use guichet::accounts::{NewPerson, PersonId, Role, find_or_create_requester, setup_path};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::schema::tokens as tokens_table;
use guichet::schema::{events, mails, people, reset_requests, sign_up_requests, submissions};
use guichet::tickets::{Ticket, Visibility};

use crate::access::attach;
use crate::requests::portal::Portal;
use crate::support::{Browser, PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";
const NEW: &str = "les tilleuls en juin";

fn ask_for_reset(browser: &Browser<'_>) {
    let page = browser.get("/forgot").expect(200);
    page.form("/forgot")
        .fill("email", CLAIRE)
        .submit()
        .expect(200);
    browser.app().run("password letters");
}

#[test]
fn a_forgotten_password_is_replaced_and_every_session_ends() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let elsewhere = app.browser();
    elsewhere.sign_in(CLAIRE);
    let browser = app.browser();
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let page = browser.get(&link).expect(200);
    assert_eq!(page.header("Referrer-Policy"), Some("no-referrer"));
    page.form(&link)
        .fill("password", NEW)
        .submit_once()
        .expect(303);
    browser.get("/profile").at("/profile");
    elsewhere.get("/profile").at("/sign-in");
    assert_eq!(app.last_mail_to(CLAIRE).kind, "accounts/password-changed");
    app.browser().try_sign_in(CLAIRE, PASSWORD).expect(422);
    app.browser().try_sign_in(CLAIRE, NEW).expect(303);
}

#[test]
fn a_link_works_once() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let (browser, other) = (app.browser(), app.browser());
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let (first, second) = (browser.get(&link), other.get(&link));
    first
        .form(&link)
        .fill("password", NEW)
        .submit_once()
        .expect(303);
    let refused = second
        .form(&link)
        .fill("password", "un troisième mot")
        .submit_once();
    refused.expect(404).has("Ce lien ne sert plus");
    other.get(&link).expect(404);
    app.browser().try_sign_in(CLAIRE, NEW).expect(303);
}

#[test]
fn a_link_ends_in_time_and_with_the_next_one() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    ask_for_reset(&browser);
    let first = app.mailed_path(CLAIRE);
    ask_for_reset(&browser);
    let second = app.mailed_path(CLAIRE);
    browser.get(&first).expect(404);
    app.advance(Duration::minutes(59));
    browser.get(&second).expect(200);
    app.advance(Duration::minutes(1));
    browser.get(&second).expect(404);
}

/// Every secret that somebody can hold, by what it is for: links, a session, a form's token,
/// the address of a file.
fn secrets(portal: &Portal, ticket: &Ticket) -> Vec<(Option<Purpose>, String)> {
    let (claire, id) = (portal.claire.id, ticket.id.0);
    let mut secrets: Vec<_> = Purpose::ALL
        .iter()
        .map(|&purpose| {
            let secret = portal.app.write(move |tx| {
                // Of nobody, as the one for the first manager is: only the purpose tells them apart.
                let owner = (purpose != Purpose::FirstManager).then_some(claire);
                tokens::issue_token(tx, purpose, owner, Some(id)).map_err(StorageError::from)
            });
            (Some(purpose), secret)
        })
        .collect();
    let browser = portal.browser(&portal.claire);
    let page = browser.get("/requests/GU-1001").expect(200);
    let file = page.attributes("a[href*='/files/']", "href").remove(0);
    let file = file.rsplit('/').next().expect("an id").to_owned();
    let token = page.form("/requests/GU-1001/messages");
    let token = token.value("csrf").expect("a token").to_owned();
    secrets.extend([portal.session(&portal.claire), file, token].map(|secret| (None, secret)));
    secrets
}

#[test]
fn a_secret_for_one_purpose_opens_nothing_else() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    attach(
        &portal,
        &ticket,
        &portal.claire,
        Visibility::Public,
        "piece.txt",
    );
    // With a manager there is no first one to make.
    portal.app.write(|tx| {
        diesel::update(people::table.filter(people::role.eq(Role::Manager)))
            .set(people::role.eq(Role::Agent))
            .execute(tx.conn)
            .map_err(StorageError::from)
    });
    let accounts = || -> Vec<(PersonId, Role, Option<String>)> {
        portal.app.read(|conn| {
            people::table
                .order(people::id)
                .select((people::id, people::role, people::password_hash))
                .load(conn)
        })
    };
    let before = accounts();
    for (purpose, secret) in secrets(&portal, &ticket) {
        let is = |wanted: &[Purpose]| purpose.is_some_and(|purpose| wanted.contains(&purpose));
        for (path, opens) in [
            (format!("/password/{secret}"), is(&Purpose::PASSWORD)),
            (setup_path(&secret), is(&[Purpose::FirstManager])),
            (format!("/track/{secret}"), is(&[Purpose::TicketLink])),
        ] {
            let browser = portal.app.browser();
            let expected = if opens { 200 } else { 404 };
            let page = browser.get(&path);
            assert_eq!(page.status, expected, "{purpose:?} at {path}");
            if opens || path.starts_with("/track/") {
                continue;
            }
            // The form that this page would have had, filled in as it should be.
            let form = browser.get("/forgot").form("/forgot");
            let token = form.value("csrf").expect("a token");
            let fields = [
                ("csrf", token),
                ("name", "Nadia"),
                ("email", "nadia@intrus.example"),
                ("password", NEW),
            ];
            browser.post(&path, &fields).expect(404);
        }
        assert_eq!(accounts(), before, "{purpose:?}");
    }
}

#[test]
fn odd_secrets_are_not_found() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let upper = link.to_uppercase().replace("/PASSWORD/", "/password/");
    for odd in [
        "/password/".to_owned(),
        "/password/%20".to_owned(),
        "/password/%00".to_owned(),
        "/password/%09".to_owned(),
        "/password/%25".to_owned(),
        "/password/_".to_owned(),
        format!("/password/{}", "%25".repeat(32)),
        format!("/password/{}", "a".repeat(10_000)),
        format!("{link}%20"),
        upper,
        "/setup/".to_owned(),
        "/setup/%20".to_owned(),
    ] {
        browser.get(&odd).expect(404);
        let form = browser.get("/forgot").form("/forgot");
        let token = form.value("csrf").expect("a token");
        let sent = [("csrf", token), ("password", NEW)];
        browser.post(&odd, &sent).expect(404);
    }
    browser.get(&link).expect(200);
    app.browser().try_sign_in(CLAIRE, PASSWORD).expect(303);
}

#[test]
fn passwords_have_bounds_and_the_common_ones_are_refused() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    ask_for_reset(&browser);
    let link = app.mailed_path(CLAIRE);
    let words: String = ('a'..='z').cycle().take(128).collect();
    for refused in [
        "",
        "onze-lettre",
        "azertyuiop12",
        "MotDePasse2026",
        "claire@tilleuls.example",
        &format!("{words}b"),
        &"x".repeat(1_000_000),
    ] {
        let page = browser
            .get(&link)
            .form(&link)
            .fill("password", refused)
            .submit_once();
        let page = page.expect(422);
        assert_eq!(page.all(".field-error").len(), 1);
        assert!(refused.is_empty() || !page.html().contains(refused) || refused == CLAIRE);
    }
    browser
        .get(&link)
        .form(&link)
        .fill("password", &words)
        .submit_once()
        .expect(303);
    app.browser().try_sign_in(CLAIRE, &words[..127]).expect(422);
    app.browser().try_sign_in(CLAIRE, &words).expect(303);
}

#[test]
fn an_address_that_was_prepared_by_somebody_else_is_safe() {
    let app = TestApp::new();
    // Somebody signs up with Claire's address and never sees her mail.
    let attacker = app.browser();
    let page = attacker.get("/sign-up");
    let form = page
        .form("/sign-up")
        .fill("name", "Claire")
        .fill("email", CLAIRE);
    form.submit();
    app.run("password letters");
    let first = app.mailed_path(CLAIRE);
    // Claire asks for herself: the first link is dead, and no password was ever set.
    let claire = app.browser();
    ask_for_reset(&claire);
    claire.get(&first).expect(404);
    let link = app.mailed_path(CLAIRE);
    claire
        .get(&link)
        .form(&link)
        .fill("password", NEW)
        .submit_once()
        .expect(303);
    attacker.get("/profile").at("/sign-in");
}

#[test]
fn the_first_manager_is_made_by_the_printed_link_once() {
    let app = TestApp::new();
    let secret = app.write(issue_first_manager_link).expect("no manager yet");
    let path = setup_path(&secret);
    let browser = app.browser();
    let page = browser.get(&path).expect(200).has("Premier compte");
    let refused = page
        .form(&path)
        .fill("name", "Nadia")
        .submit_once()
        .expect(422);
    let form = refused.form(&path).fill("email", "nadia@support.example");
    form.fill("password", PASSWORD).submit_once().expect(303);
    let nadia = app.find_person("nadia@support.example").expect("made");
    assert_eq!(nadia.role, Role::Manager);
    app.browser().get(&path).expect(404);
    assert_eq!(app.write(issue_first_manager_link), None);
    app.browser().sign_in("nadia@support.example");
}

#[test]
fn an_invitation_holds_three_days_and_can_be_sent_again() {
    let app = TestApp::new();
    let new = NewPerson {
        email: "lea@support.example".to_owned(),
        name: "Léa Vasseur".to_owned(),
        role: Role::Agent,
        language: Lang::Fr,
        time_zone: String::new(),
    };
    let lea = app.write(move |tx| commands::invite(tx, &new));
    let first = app.mailed_path("lea@support.example");
    app.advance(Duration::hours(73));
    let browser = app.browser();
    browser.get(&first).expect(404);
    app.write(move |tx| commands::resend_invitation(tx, lea.id));
    let second = app.mailed_path("lea@support.example");
    let answer = browser
        .get(&second)
        .form(&second)
        .fill("password", PASSWORD)
        .submit_once();
    assert_eq!(answer.expect(303).location(), Some("/desk"));
}

/// A name that somebody gives who wants to speak to the owner of an address in our name.
const SPEECH: &str = "Votre compte est bloqué, appelez le 0800 000 000";

#[test]
fn nobody_writes_to_an_address_in_our_name_before_it_is_proven() {
    let app = TestApp::new();
    let stranger = app.browser();
    let page = stranger.get("/sign-up");
    let form = page.form("/sign-up").fill("name", SPEECH);
    form.fill("email", CLAIRE).submit().expect(200);
    ask_for_reset(&stranger);
    let mails = app.mails();
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        let composed = app.compose(mail);
        for text in [
            &composed.subject,
            &composed.text,
            &composed.html,
            &mail.to_name,
        ] {
            assert!(!text.contains("0800"), "{}: {text}", mail.kind);
        }
        assert!(composed.text.starts_with("Bonjour,"), "{}", composed.text);
    }
    // Its owner says what they are called.
    let link = app.mailed_path(CLAIRE);
    let claire = app.browser();
    let form = claire.get(&link).form(&link).fill("password", NEW);
    form.clone().fill("name", "").submit_once().expect(422);
    form.fill("name", "Claire Fontanel")
        .submit_once()
        .expect(303);
    let known = app.find_person(CLAIRE).expect("she has an account");
    assert_eq!(known.name, "Claire Fontanel");
    ask_for_reset(&stranger);
    let mail = app.last_mail_to(CLAIRE);
    let composed = app.compose(&mail);
    assert!(composed.text.contains("Claire Fontanel"));
}

#[test]
fn who_was_invited_keeps_the_name_they_were_given() {
    let app = TestApp::new();
    let new = NewPerson {
        email: "lea@support.example".to_owned(),
        name: "Léa Vasseur".to_owned(),
        role: Role::Agent,
        language: Lang::Fr,
        time_zone: String::new(),
    };
    app.write(move |tx| commands::invite(tx, &new));
    let link = app.mailed_path("lea@support.example");
    let browser = app.browser();
    let form = browser.get(&link).form(&link);
    assert_eq!(form.value("name"), None);
    form.fill("password", PASSWORD).submit_once().expect(303);
    assert_eq!(
        app.last_mail_to("lea@support.example").to_name,
        "Léa Vasseur"
    );
}

#[test]
fn asking_for_a_password_is_the_same_work_for_everybody() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let shut = app.person("paul@atelier.example", Role::Customer);
    app.write(move |tx| commands::disable(tx, shut.id));
    app.write(|tx| {
        find_or_create_requester(tx, "jeanne@verger.example", "Jeanne", Lang::Fr)
            .map_err(StorageError::from)
    });
    let addresses = [
        CLAIRE,
        "paul@atelier.example",
        "jeanne@verger.example",
        "personne@verger.example",
    ];
    for path in ["/forgot", "/sign-up"] {
        let mut done = Vec::new();
        for email in addresses {
            let browser = app.browser();
            let mut form = browser.get(path).form(path).fill("email", email);
            if path == "/sign-up" {
                form = form.fill("name", "Quelqu’un");
            }
            let before = rows(&app);
            form.submit().expect(200);
            let after = rows(&app);
            let more: Vec<i64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
            done.push(more);
            app.run("password letters");
        }
        assert!(done.iter().all(|more| *more == done[0]), "{done:?}");
        assert_eq!(done[0], [0, 0, 0, 0, 1, 1], "one note, and the form's key");
        assert_eq!(rows(&app)[4], 0, "no address is kept");
    }
    let written: Vec<String> = app
        .mails()
        .into_iter()
        .map(|mail| mail.to_address)
        .collect();
    let [claire, _, jeanne, nobody] = addresses;
    assert_eq!(written, [claire, jeanne, claire, jeanne, nobody]);
}

/// Rows of what asking for a password may write to.
fn rows(app: &TestApp) -> [i64; 6] {
    app.read(|conn| {
        Ok([
            people::table.count().get_result(conn)?,
            tokens_table::table.count().get_result(conn)?,
            mails::table.count().get_result(conn)?,
            events::table.count().get_result(conn)?,
            reset_requests::table.count().get_result::<i64>(conn)?
                + sign_up_requests::table.count().get_result::<i64>(conn)?,
            submissions::table.count().get_result(conn)?,
        ])
    })
}
