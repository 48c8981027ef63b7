//! The second step of signing in.

use chrono::Duration;
use diesel::prelude::*;
use guichet::accounts::tokens::{Purpose, issue_token};
use guichet::accounts::{Person, Role, STREAM};
use guichet::platform::db::StorageError;
use guichet::platform::events::list_events;
use guichet::schema::{people, recovery_codes, second_factors};

use crate::support::{Browser, Factor, PASSWORD, TestApp};

const LEA: &str = "lea@support.example";

/// Léa, who has a second factor.
fn with_factor(app: &TestApp) -> (Person, Factor) {
    let lea = app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let factor = browser.add_factor(app);
    (lea, factor)
}

fn begin<'a>(app: &'a TestApp) -> Browser<'a> {
    let browser = app.browser();
    browser.try_sign_in(LEA, PASSWORD).expect(303);
    assert!(browser.cookie("guichet_session").is_none());
    assert!(browser.cookie("guichet_pending").is_some());
    browser
}

#[test]
fn password_then_code_opens_a_session_at_the_page_that_was_wanted() {
    let app = TestApp::new();
    let (lea, factor) = with_factor(&app);
    let browser = app.browser();
    let page = browser.get("/profile").at("/sign-in");
    let page = page
        .form("/sign-in")
        .fill("email", LEA)
        .fill("password", PASSWORD)
        .submit();
    let code = app.next_code(&factor);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let page = page
        .at("/sign-in/code")
        .form("/sign-in/code")
        .fill("code", &spaced)
        .submit();
    drop(page.at("/profile"));
    assert!(browser.cookie("guichet_pending").is_none());
    let events = app.read(|conn| list_events(conn, STREAM, lea.id.0));
    let last = events.last().expect("an event");
    assert_eq!(
        (last.kind.as_str(), &last.data["factor"]),
        ("signed_in", &"code".into())
    );
    assert_eq!(last.actor, lea.actor());
}

#[test]
fn a_code_holds_for_a_step_on_either_side_and_is_taken_once() {
    let app = TestApp::new();
    let (_, factor) = with_factor(&app);
    let at = |offset: i64| {
        let seconds = u64::try_from(app.clock.now().seconds() + offset).expect("after 1970");
        factor.key.code_at(seconds)
    };
    // The one that the factor was added with.
    begin(&app).give_code(&at(0)).expect(422);
    app.advance(Duration::minutes(5));
    for (offset, status) in [
        (-60, 422),
        (60, 422),
        (-30, 303),
        (-30, 422),
        (0, 303),
        (0, 422),
        (30, 303),
        (30, 422),
        (0, 422),
    ] {
        begin(&app).give_code(&at(offset)).expect(status);
    }
}

#[test]
fn a_recovery_code_stands_in_once_and_its_owner_is_told() {
    let app = TestApp::new();
    let (lea, factor) = with_factor(&app);
    let give = |code: &str| {
        let browser = begin(&app);
        let form = browser.get("/sign-in/code").form("/sign-in/code");
        let page = form.fill("recovery_code", code).submit_once();
        (page.status, browser.cookie("guichet_session").is_some())
    };
    assert_eq!(give(&factor.codes[3]), (303, true));
    assert_eq!(give(&factor.codes[3]), (422, false));
    assert_eq!(give("aaaa-bbbb-cccc"), (422, false));
    assert_eq!(give("%"), (422, false));
    assert_eq!(app.last_mail_to(LEA).kind, "accounts/recovery-code-used");
    let events = app.read(|conn| list_events(conn, STREAM, lea.id.0));
    let used = events
        .iter()
        .find(|e| e.kind == "recovery_code_used")
        .expect("recorded");
    assert_eq!(used.data["left"], 9);
}

#[test]
fn a_wrong_code_changes_nothing_but_counters() {
    let app = TestApp::new();
    let (lea, _) = with_factor(&app);
    let browser = begin(&app);
    let rows = || {
        app.read(|conn| {
            let person: Person = people::table
                .find(lea.id)
                .select(Person::as_select())
                .first(conn)?;
            let factor: (String, i64) = second_factors::table
                .find(lea.id)
                .select((second_factors::sealed_key, second_factors::last_step))
                .first(conn)?;
            let unused: i64 = recovery_codes::table
                .filter(recovery_codes::used_at.is_null())
                .count()
                .get_result(conn)?;
            Ok((
                Person {
                    version: 0,
                    ..person
                },
                factor,
                unused,
            ))
        })
    };
    let before = rows();
    app.advance(Duration::minutes(1));
    browser.give_code("000000").expect(422);
    browser.give_code("12").expect(422);
    browser.give_code("").expect(422);
    assert_eq!(rows(), before);
    let events = app.read(|conn| list_events(conn, STREAM, lea.id.0));
    let last = events.last().expect("an event");
    assert_eq!(
        (last.kind.as_str(), &last.data["reason"]),
        ("sign_in_denied", &"code".into())
    );
}

#[test]
fn fifty_wrong_codes_are_stopped_and_the_sign_in_that_waits_dies() {
    let app = TestApp::new();
    let (_, factor) = with_factor(&app);
    let browser = begin(&app);
    let mut statuses = Vec::new();
    for _ in 0..50 {
        if browser.get_once("/sign-in/code").status == 303 {
            browser.move_to([198, 19, 0, u8::try_from(statuses.len()).expect("few")].into());
            browser.try_sign_in(LEA, PASSWORD).expect(303);
        }
        statuses.push(browser.give_code("000000").status);
    }
    // Adding the factor took one of the twenty tries that an hour allows.
    assert_eq!(&statuses[..9], [422; 9]);
    assert_eq!(statuses[9], 303, "ten wrong codes end a sign-in that waits");
    assert_eq!(statuses[19..], [429; 31]);
    browser.get("/sign-in/code").at("/sign-in");
    // Neither is there a way in with the right code now.
    browser.try_sign_in(LEA, PASSWORD).expect(303);
    browser.give_code(&app.next_code(&factor)).expect(429);
    assert!(browser.cookie("guichet_session").is_none());
}

#[test]
fn a_sign_in_that_waits_is_good_for_nothing_else() {
    let app = TestApp::new();
    let (lea, _) = with_factor(&app);
    let browser = begin(&app);
    for path in [
        "/profile",
        "/desk",
        "/profile/factor",
        "/requests",
        "/manage/people",
    ] {
        browser.get(path).at("/sign-in");
    }
    let pending = browser.cookie("guichet_pending").expect("waiting");
    let thief = app.browser();
    thief.set_cookie("guichet_session", &pending);
    thief.get("/profile").at("/sign-in");
    for path in ["password", "setup", "track"] {
        app.browser().get(&format!("/{path}/{pending}")).expect(404);
    }
    // Nor does any other secret stand in for one.
    let mut others = Vec::new();
    for &purpose in Purpose::ALL {
        others.push(app.write(move |tx| {
            issue_token(tx, purpose, Some(lea.id), Some(1)).map_err(StorageError::from)
        }));
    }
    app.person("theo@support.example", Role::Agent);
    let theo = app.browser();
    theo.sign_in("theo@support.example");
    others.extend(theo.cookie("guichet_session"));
    others.extend([String::new(), "%".to_owned(), " ".to_owned()]);
    for secret in others {
        let thief = app.browser();
        thief.set_cookie("guichet_pending", &secret);
        thief.get("/sign-in/code").at("/sign-in");
    }
}

#[test]
fn a_sign_in_that_waits_does_so_for_ten_minutes() {
    let app = TestApp::new();
    let (_, factor) = with_factor(&app);
    let (late, in_time) = (begin(&app), begin(&app));
    let form = late.get("/sign-in/code").form("/sign-in/code");
    app.advance(Duration::minutes(9));
    in_time.give_code(&app.next_code(&factor)).expect(303);
    app.advance(Duration::minutes(1));
    let page = form.fill("code", &app.next_code(&factor)).submit();
    page.at("/sign-in")
        .has("Cette connexion a pris trop de temps");
    assert!(late.cookie("guichet_session").is_none());
}

#[test]
fn text_that_was_typed_comes_through_both_steps() {
    let app = TestApp::new();
    let (_, factor) = with_factor(&app);
    let browser = begin(&app);
    browser.give_code(&app.next_code(&factor)).expect(303);
    let form = browser
        .get("/profile")
        .form("/profile")
        .fill("name", "Léa Vasseur");
    browser.set_cookie("guichet_session", "ended");
    let page = form.submit_once();
    assert!(matches!(page.status, 401 | 403), "{}", page.status);
    let form = page.form("/sign-in/resume");
    let page = form
        .fill("email", LEA)
        .fill("password", PASSWORD)
        .submit_once()
        .expect(200);
    let form = page.form("/sign-in/code");
    let page = form
        .clone()
        .fill("code", "000000")
        .submit_once()
        .expect(422);
    let form = page
        .form("/sign-in/code")
        .fill("code", &app.next_code(&factor));
    let page = form.submit_once().expect(200).has("Léa Vasseur");
    page.form("/profile")
        .submit()
        .has("Vos coordonnées sont enregistrées");
    assert_eq!(app.find_person(LEA).expect("known").name, "Léa Vasseur");
}
