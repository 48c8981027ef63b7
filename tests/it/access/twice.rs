//! A form that is sent twice, by a second click or by a browser that tries again: one effect, one
//! answer.

use diesel::prelude::*;
use guichet::accounts::commands::invite;
use guichet::accounts::{NewPerson, Role};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::mail::MailStatus;
use guichet::schema::mails;
use guichet::tickets::Visibility;

use super::quiet::dump;
use super::rows::ROWS;
use super::stage::{Stage, attach};
use super::table::token;

/// A form, who sends it, and what it takes to be accepted.
pub type Filled = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const REQUEST: &[(&str, &str)] = &[
    ("request_type", "{type}"),
    ("subject", "Sujet"),
    ("body", "Texte."),
    ("name", "Jeanne"),
    ("email", "jeanne@verger.example"),
];
const KIND: &[(&str, &str)] = &[
    ("name_fr", "Déménagement"),
    ("name_en", "Moving premises"),
    ("slug", "move"),
    ("icon", "ticket"),
    ("priority", "normal"),
    ("position", "3"),
    ("version", "1"),
];
const CALENDAR: &[(&str, &str)] = &[
    ("name", "Atelier"),
    ("zone", "Europe/Paris"),
    ("mon", "8h30-12h30, 13h30-18h"),
    ("public", "france"),
    ("version", "1"),
];
const POLICY: &[(&str, &str)] = &[
    ("name", "Le jour même"),
    ("calendar", "{calendar}"),
    ("normal_first", "J"),
    ("version", "1"),
    ("deed", "confirm"),
];
const PASSWORD: &[(&str, &str)] = &[("password", "les tilleuls en juin"), ("name", "Paul")];

/// Every form of the program, filled in.
pub const FORMS: &[Filled] = &[
    ("/theme", "guest", &[("theme", "dark")]),
    ("/deflections", "guest", &[("article", "/en/articles/line")]),
    ("/deflections/settled", "guest", &[]),
    ("/requests", "guest", REQUEST),
    ("/requests", "owner", REQUEST),
    (
        "/requests/<reference>/messages",
        "owner",
        &[("body", "Texte.")],
    ),
    ("/requests/<reference>/confirmation", "owner", &[]),
    ("/requests/<reference>/reopening", "owner", &[]),
    (
        "/desk/tickets",
        "agent",
        &[
            ("email", "jeanne@verger.example"),
            ("language", "fr"),
            ("channel", "phone"),
            ("request_type", "{type}"),
            ("subject", "Sujet"),
            ("body", "Texte."),
        ],
    ),
    (
        "/desk/tickets/<reference>/messages",
        "agent",
        &[
            ("body", "Texte."),
            ("status", "pending"),
            ("version", "{version}"),
        ],
    ),
    (
        "/desk/tickets/<reference>/properties",
        "agent",
        &[
            ("version", "{version}"),
            ("status", "new"),
            ("priority", "urgent"),
            ("request_type", "{type}"),
        ],
    ),
    ("/desk/tickets/<reference>/links/end", "agent", &[]),
    (
        "/manage/people",
        "manager",
        &[
            ("name", "Bruno"),
            ("email", "bruno@guichet.example"),
            ("role", "agent"),
            ("language", "fr"),
        ],
    ),
    ("/manage/people/<id>/role", "manager", &[("role", "agent")]),
    ("/manage/people/<id>/invitation", "manager", &[]),
    (
        "/manage/people/<id>/access",
        "manager",
        &[("open", "false")],
    ),
    ("/manage/request-types", "manager", KIND),
    ("/manage/request-types/<id>", "manager", KIND),
    (
        "/manage/request-types/<id>/archive",
        "manager",
        &[("archived", "true")],
    ),
    (
        "/manage/teams",
        "manager",
        &[("name", "Nouvelle"), ("hue", "1")],
    ),
    (
        "/manage/teams/<id>",
        "manager",
        &[("name", "Nouvelle"), ("hue", "1")],
    ),
    ("/manage/teams/<id>/members", "manager", &[]),
    (
        "/manage/teams/<id>/archive",
        "manager",
        &[("archived", "true")],
    ),
    (
        "/manage/organisations",
        "manager",
        &[("name", "Hôtel du Port")],
    ),
    (
        "/manage/organisations/<id>/members",
        "manager",
        &[("email", "jeanne@verger.example")],
    ),
    (
        "/manage/organisations/<id>/members/<person>/end",
        "manager",
        &[],
    ),
    ("/manage/audit/exports", "manager", &[]),
    ("/manage/calendars", "manager", CALENDAR),
    ("/manage/calendars/<id>", "manager", CALENDAR),
    (
        "/manage/calendars/<id>/versions/<number>",
        "manager",
        &[("latest", "1"), ("deed", "confirm")],
    ),
    (
        "/manage/calendars/<id>/shown",
        "manager",
        &[("shown", "true")],
    ),
    (
        "/manage/calendars/<id>/archive",
        "manager",
        &[("archived", "true")],
    ),
    ("/manage/policies", "manager", POLICY),
    ("/manage/policies/<id>", "manager", POLICY),
    (
        "/manage/policies/<id>/versions/<number>",
        "manager",
        &[("latest", "1"), ("deed", "confirm")],
    ),
    (
        "/manage/policies/<id>/place",
        "manager",
        &[("direction", "down"), ("deed", "confirm")],
    ),
    (
        "/manage/policies/<id>/archive",
        "manager",
        &[("archived", "true"), ("deed", "confirm")],
    ),
    (
        "/desk/tickets/<reference>/policy",
        "agent",
        &[("policy", "{policy}"), ("reason", "Promis au téléphone.")],
    ),
    ("/manage/outbox/<id>/attempts", "manager", &[]),
    ("/manage/outbox/tests", "manager", &[]),
    (
        "/profile",
        "owner",
        &[("name", "Claire"), ("language", "en"), ("time_zone", "")],
    ),
    ("/profile/sessions/<public_id>/end", "owner", &[]),
    ("/profile/sessions/end", "owner", &[]),
    ("/drafts/<key>/discard", "agent", &[]),
    ("/manage/people/<id>/sessions/end", "manager", &[]),
    ("/manage/people/<id>/factor/reset", "manager", &[]),
    (
        "/manage/people/<id>/erasure",
        "manager",
        &[
            ("confirmation", "paul@atelier.example"),
            ("current_password", crate::support::PASSWORD),
        ],
    ),
    ("/manage/sign-in", "manager", &[]),
    (
        "/sign-up",
        "guest",
        &[("name", "Jeanne"), ("email", "jeanne@verger.example")],
    ),
    ("/forgot", "guest", &[("email", "claire@tilleuls.example")]),
    ("/password/<secret>", "guest", PASSWORD),
];

/// Forms that are sent as their page shows them: they hold what is there already.
const AS_SHOWN: &[(&str, &str)] = &[("/manage/settings/<group>", "/manage/settings/identity")];

/// Forms that are not repeated, and why.
const ALONE: &[(&str, &str)] = &[
    ("/sign-in", "opens a session each time"),
    ("/sign-in/resume", "opens a session each time"),
    ("/sign-out", "the session that sent it is over"),
    ("/sign-in/code", "a code is good for one time"),
    ("/profile/factor", "a code is good for one time"),
    ("/profile/factor/codes", "a code is good for one time"),
    ("/profile/factor/removal", "a code is good for one time"),
    ("/profile/data", "answers with a copy each time"),
    ("/manage/people/<id>/data", "answers with a copy each time"),
    ("/drafts/<key>", "keeps what is typed, again and again"),
    ("/drafts/<key>/form", "keeps what is typed, again and again"),
    (
        "/manage/calendars/<id>/import",
        "reads a file into the form and keeps nothing",
    ),
    ("/profile/password", "the session that sent it is over"),
    (
        "/setup/<secret>",
        "there is a manager; see the tests of accounts",
    ),
];

/// A form as it is sent on a stage: where to, and what it holds besides its token.
pub fn ready(stage: &Stage, (route, _, fields): &Filled) -> (String, Vec<(String, String)>) {
    let row = ROWS
        .iter()
        .find(|row| row.method == "POST" && row.route == *route)
        .expect("it has a row");
    let path = match prepare(stage, route) {
        Some(person) => row.address.replace("{person}", &person.to_string()),
        None => row.address.to_owned(),
    };
    let version = stage.portal.stored(&stage.ticket.reference).version;
    let fill = |value: &str| stage.path(&value.replace("{version}", &version.to_string()));
    let mut sent: Vec<(String, String)> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), fill(value)))
        .collect();
    sent.push(("key".to_owned(), "one-and-the-same-key".to_owned()));
    (stage.path(&path), sent)
}

/// What a form needs to have something to do.
fn prepare(stage: &Stage, route: &str) -> Option<i64> {
    let portal = &stage.portal;
    let app = &portal.app;
    match route {
        "/manage/outbox/<id>/attempts" => app.write(|tx| {
            diesel::update(mails::table)
                .set(mails::status.eq(MailStatus::Failed))
                .execute(tx.conn)
                .map_err(StorageError::from)
                .map(|_| None)
        }),
        "/manage/people/<id>/invitation" => {
            let new = NewPerson {
                email: "bruno@guichet.example".to_owned(),
                name: "Bruno".to_owned(),
                role: Role::Agent,
                language: Lang::Fr,
                time_zone: String::new(),
            };
            Some(app.write(move |tx| invite(tx, &new)).id.0)
        }
        "/manage/people/<id>/erasure" | "/manage/people/<id>/data" => {
            app.give_password(&portal.nadia);
            // There is something to erase, and to hand out.
            let theirs = portal.file(&portal.paul, "Sujet", "Texte.");
            attach(
                portal,
                &theirs,
                &portal.paul,
                Visibility::Public,
                "avis.txt",
            );
            None
        }
        "/sign-in" | "/profile/password" | "/profile/data" => {
            app.give_password(&portal.claire);
            None
        }
        _ => None,
    }
}

#[test]
fn every_form_is_tried_twice_or_known_to_stand_alone() {
    let posts = ROWS.iter().filter(|row| row.method == "POST");
    let missing: Vec<_> = posts
        .map(|row| row.route)
        .filter(|route| FORMS.iter().all(|(known, ..)| known != route))
        .filter(|route| AS_SHOWN.iter().all(|(known, _)| known != route))
        .filter(|route| ALONE.iter().all(|(known, _)| known != route))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_form_sent_twice_acts_once_and_answers_the_same() {
    let mut wrong = Vec::new();
    for form in FORMS {
        let (route, role, _) = form;
        let stage = Stage::new();
        let (path, mut sent) = ready(&stage, form);
        let browser = stage.browser(role);
        sent.push(("csrf".to_owned(), token(&browser)));
        let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let twin = browser.twin();

        let first = browser.post(&path, &sent);
        let accepted = matches!(first.status, 200 | 303);
        let before = dump(&stage.portal.app);
        let second = twin.post(&path, &sent);
        let answers =
            [&first, &second].map(|page| (page.status, page.location().map(str::to_owned)));
        let unchanged = dump(&stage.portal.app) == before;
        if !accepted || answers[0] != answers[1] || !unchanged {
            wrong.push(format!(
                "{route} as {role}: {answers:?}, unchanged: {unchanged}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_form_sent_twice_as_it_was_shown_answers_the_same() {
    for (_, path) in AS_SHOWN {
        let stage = Stage::new();
        let browser = stage.browser("manager");
        let (to, content_type, body) = browser.get(path).form(path).encoded();
        let twin = browser.twin();
        let first = browser
            .post_raw(&to, content_type.clone(), body.clone())
            .expect(303);
        let before = dump(&stage.portal.app);
        let second = twin.post_raw(&to, content_type, body).expect(303);
        assert_eq!(first.location(), second.location());
        assert_eq!(dump(&stage.portal.app), before);
    }
}
