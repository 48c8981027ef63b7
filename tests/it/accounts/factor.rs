//! Adding, keeping and losing a second factor.

use diesel::prelude::*;
use guichet::accounts::factor::{self, Answer, TotpKey};
use guichet::accounts::{Person, Role, STREAM};
use guichet::platform::db::{Actor, StorageError};
use guichet::platform::events::list_events;
use guichet::platform::i18n::Lang;
use guichet::schema::{recovery_codes, second_factors};

use crate::access::dump;
use crate::support::{Factor, PASSWORD, TestApp};

const LEA: &str = "lea@support.example";

fn kinds(app: &TestApp, person: &Person) -> Vec<String> {
    let events = app.read(|conn| list_events(conn, STREAM, person.id.0));
    events.into_iter().map(|event| event.kind).collect()
}

#[test]
fn anybody_may_add_one_and_the_other_sessions_end() {
    for &role in Role::ALL {
        let app = TestApp::new();
        let lea = app.person(LEA, role);
        let (browser, other) = (app.browser(), app.browser());
        other.sign_in(LEA);
        browser.sign_in(LEA);
        let before = browser.cookie("guichet_session");
        let Factor { codes, .. } = browser.add_factor(&app);
        assert_eq!(codes.len(), 10);
        assert_ne!(browser.cookie("guichet_session"), before, "a new session");
        other.get("/profile").at("/sign-in");
        let page = browser.get("/profile/factor").expect(200);
        page.has("Il en reste 10").lacks(&codes[0]);
        assert_eq!(app.last_mail_to(LEA).kind, "accounts/factor-added");
        assert_eq!(
            kinds(&app, &lea).last().map(String::as_str),
            Some("factor_added")
        );
    }
}

#[test]
fn nothing_counts_before_password_and_code_are_right() {
    let app = TestApp::new();
    app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let page = browser.get("/profile/factor");
    let key = TotpKey::parse(&page.all(".sign-key").concat()).expect("a key");
    let (form, before) = (page.form("/profile/factor"), dump(&app));
    let wrong = format!(
        "{:06}",
        (app.code_now(&key).parse::<u32>().expect("digits") + 1) % 1_000_000
    );
    for (code, password) in [
        (wrong.as_str(), PASSWORD),
        ("", PASSWORD),
        (&app.code_now(&key), "autre chose ici"),
        (&app.code_now(&key), ""),
    ] {
        let page = form
            .clone()
            .fill("code", code)
            .fill("current_password", password)
            .submit_once()
            .expect(422);
        assert_eq!(
            page.all(".sign-key").concat(),
            key.typed(),
            "the same key is shown again"
        );
        assert_eq!(
            page.attributes("#code, #current_password", "value"),
            ["", ""]
        );
    }
    assert_eq!(dump(&app), before);
    let code = app.code_now(&key);
    let right = form.fill("code", &code).fill("current_password", PASSWORD);
    right.clone().submit_once().expect(200);
    // The same form once more: there is one already, and its session is over.
    right.submit_once().expect(403);
}

#[test]
fn a_key_is_good_in_its_own_session_only() {
    let app = TestApp::new();
    app.person(LEA, Role::Agent);
    app.person("theo@support.example", Role::Agent);
    let (lea, theo) = (app.browser(), app.browser());
    lea.sign_in(LEA);
    theo.sign_in("theo@support.example");
    let page = lea.get("/profile/factor");
    let key = TotpKey::parse(&page.all(".sign-key").concat()).expect("a key");
    let form = page.form("/profile/factor");
    let sealed = form.value("sealed_key").expect("sealed").to_owned();
    for stolen in [sealed.as_str(), "", "1.", "x"] {
        let form = theo.get("/profile/factor").form("/profile/factor");
        form.forge("sealed_key", stolen)
            .fill("code", &app.code_now(&key))
            .fill("current_password", PASSWORD)
            .submit_once()
            .expect(422)
            .has("Cette clé n’est plus valable");
    }
}

#[test]
fn a_copy_of_the_database_shows_no_key_and_no_code() {
    let app = TestApp::new();
    let lea = app.person(LEA, Role::Agent);
    let (browser, waiting) = (app.browser(), app.browser());
    browser.sign_in(LEA);
    let factor = browser.add_factor(&app);
    waiting.try_sign_in(LEA, PASSWORD).expect(303);
    let text: String = dump(&app).into_values().collect();
    let typed = factor.key.typed();
    let mut secrets = vec![typed.replace(' ', ""), typed];
    secrets.extend(
        factor
            .codes
            .iter()
            .flat_map(|c| [c.clone(), c.replace('-', "")]),
    );
    secrets.extend(browser.cookie("guichet_session"));
    secrets.extend(waiting.cookie("guichet_pending"));
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}");
    }
    // Sealed for its owner: in somebody else's row it opens nothing.
    let sealed: String = app.read(|conn| {
        second_factors::table
            .find(lea.id)
            .select(second_factors::sealed_key)
            .first(conn)
    });
    let key = &app.site.key;
    assert!(TotpKey::unseal(key, &lea.id.0.to_string(), &sealed).is_some());
    assert!(TotpKey::unseal(key, &(lea.id.0 + 1).to_string(), &sealed).is_none());
}

#[test]
fn of_twenty_who_use_a_recovery_code_at_once_one_gets_in() {
    let app = TestApp::new();
    let lea = app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let factor = browser.add_factor(&app);
    let normalised = factor.codes[0].replace('-', "");
    let taken = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (site, code) = (app.site.clone(), normalised.clone());
                scope.spawn(move || {
                    let key = site.key.clone();
                    let answer = Answer::Recovery(Some(code));
                    site.db.write_blocking(Actor::System, move |tx| {
                        factor::prove(tx, &key, lea.id, &answer).map_err(StorageError::from)
                    })
                })
            })
            .collect();
        let outcomes = tries.into_iter().map(|t| t.join().expect("no panic"));
        outcomes
            .filter(|o| o.as_ref().expect("done").is_some())
            .count()
    });
    assert_eq!(taken, 1);
    let used: i64 = app.read(|conn| {
        recovery_codes::table
            .filter(recovery_codes::used_at.is_not_null())
            .count()
            .get_result(conn)
    });
    assert_eq!(used, 1);
    let told = kinds(&app, &lea)
        .into_iter()
        .filter(|k| k == "recovery_code_used");
    assert_eq!(told.count(), 1);
}

#[test]
fn of_twenty_who_give_the_same_code_at_once_one_gets_in() {
    let app = TestApp::new();
    let lea = app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let factor = browser.add_factor(&app);
    let code = app.next_code(&factor);
    let taken = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (site, code) = (app.site.clone(), code.clone());
                scope.spawn(move || {
                    let key = site.key.clone();
                    let answer = Answer::Code(code);
                    site.db.write_blocking(Actor::System, move |tx| {
                        factor::prove(tx, &key, lea.id, &answer).map_err(StorageError::from)
                    })
                })
            })
            .collect();
        let outcomes = tries.into_iter().map(|t| t.join().expect("no panic"));
        outcomes
            .filter(|o| o.as_ref().expect("done").is_some())
            .count()
    });
    assert_eq!(taken, 1);
}

#[test]
fn new_codes_and_removal_ask_for_password_and_code_once_more() {
    let app = TestApp::new();
    let lea = app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let factor = browser.add_factor(&app);
    let tries = std::cell::Cell::new(0);
    let fill = |path: &str, password: &str, code: &str| {
        // From elsewhere each time: passwords are counted by network address.
        tries.set(tries.get() + 1);
        browser.move_to([198, 19, 0, tries.get()].into());
        browser
            .get(path)
            .form(path)
            .fill("current_password", password)
            .fill("code", code)
            .submit_once()
    };
    for path in ["/profile/factor/codes", "/profile/factor/removal"] {
        let code = app.next_code(&factor);
        let before = dump(&app);
        fill(path, "", "").expect(422);
        fill(path, PASSWORD, "").expect(422);
        fill(path, PASSWORD, "000000").expect(422);
        fill(path, "autre chose ici", &code).expect(422);
        assert_eq!(dump(&app), before, "{path}");
    }
    let page = fill("/profile/factor/codes", PASSWORD, &app.next_code(&factor)).expect(200);
    let fresh = page.all(".sign-codes code");
    assert!(fresh.iter().all(|code| !factor.codes.contains(code)));
    assert_eq!(app.last_mail_to(LEA).kind, "accounts/recovery-codes-made");
    // An old recovery code opens nothing; a new one does.
    let removal = browser
        .get("/profile/factor/removal")
        .form("/profile/factor/removal");
    let removal = removal.fill("current_password", PASSWORD);
    let old = removal.clone().fill("recovery_code", &factor.codes[0]);
    old.submit_once()
        .expect(422)
        .has("Ce code de secours ne va pas");
    removal
        .fill("recovery_code", &fresh[0].to_uppercase())
        .submit()
        .has("est désactivée");
    assert_eq!(app.last_mail_to(LEA).kind, "accounts/factor-removed");
    let told = kinds(&app, &lea);
    for kind in [
        "recovery_codes_made",
        "recovery_code_used",
        "factor_removed",
    ] {
        assert!(told.iter().any(|k| k == kind), "{kind} in {told:?}");
    }
    app.browser().sign_in(LEA);
}

#[test]
fn a_manager_resets_what_somebody_has_lost_and_they_are_told() {
    let app = TestApp::new();
    let nadia = app.person("nadia@support.example", Role::Manager);
    let lea = app.person(LEA, Role::Agent);
    let (manager, desk) = (app.browser(), app.browser());
    manager.sign_in("nadia@support.example");
    desk.sign_in(LEA);
    desk.add_factor(&app);
    let path = format!("/manage/people/{}", lea.id);
    let page = manager.get(&path).has("Activée :");
    page.form(&format!("{path}/factor/reset"))
        .submit()
        .has("est réinitialisée");
    desk.get("/desk").at("/sign-in");
    app.browser().sign_in(LEA);
    assert_eq!(app.last_mail_to(LEA).kind, "accounts/factor-reset");
    let events = app.read(|conn| list_events(conn, STREAM, lea.id.0));
    let reset = events
        .iter()
        .find(|e| e.kind == "factor_reset")
        .expect("recorded");
    assert_eq!(reset.actor, nadia.actor());
    // One's own goes by password and code, not by a button.
    manager.add_factor(&app);
    let own = format!("/manage/people/{}", nadia.id);
    let page = manager.get(&own);
    assert!(!page.has_form(&format!("{own}/factor/reset")));
    let token = page
        .form("/sign-out")
        .value("csrf")
        .expect("a token")
        .to_owned();
    manager
        .post(&format!("{own}/factor/reset"), &[("csrf", &token)])
        .expect(303);
    manager.get("/profile/factor").has("Activée :");
}

#[test]
fn with_another_key_of_the_server_a_code_opens_nothing_and_a_reset_helps() {
    let app = TestApp::new();
    let lea = app.person(LEA, Role::Agent);
    let browser = app.browser();
    browser.sign_in(LEA);
    let factor = browser.add_factor(&app);
    let code = app.next_code(&factor);
    let recovery = factor.codes[0].replace('-', "");
    for answer in [Answer::Code(code), Answer::Recovery(Some(recovery))] {
        let proved = app.write(move |tx| {
            let other = guichet::platform::secret::SecretKey::ephemeral();
            factor::prove(tx, &other, lea.id, &answer).map_err(StorageError::from)
        });
        assert_eq!(proved, None);
    }
    let reset = app.write(move |tx| factor::reset(tx, lea.id).map_err(StorageError::from));
    assert!(reset);
}

#[test]
fn every_mail_about_it_is_written_in_both_languages() {
    for lang in Lang::ALL {
        let app = TestApp::new();
        let lea = app.person_in(LEA, Role::Agent, *lang);
        let browser = app.browser();
        browser.sign_in(LEA);
        let factor = browser.add_factor(&app);
        let key = app.site.key.clone();
        let code = factor.codes[0].replace('-', "");
        app.write(move |tx| {
            factor::prove(tx, &key, lea.id, &Answer::Recovery(Some(code.clone())))?;
            factor::make_recovery_codes(tx, &key, lea.id)?;
            factor::remove(tx, lea.id).map_err(StorageError::from)
        });
        browser.add_factor(&app);
        app.write(move |tx| factor::reset(tx, lea.id).map_err(StorageError::from));
        let mails: Vec<_> = app
            .mails()
            .into_iter()
            .filter(|m| m.to_address == LEA)
            .collect();
        let kinds: std::collections::BTreeSet<_> = mails.iter().map(|m| m.kind.as_str()).collect();
        assert!(kinds.len() >= 5, "{kinds:?}");
        for mail in &mails {
            let written = app.compose(mail);
            for code in &factor.codes {
                assert!(!written.text.contains(code));
            }
        }
    }
}

#[test]
fn the_password_link_of_somebody_with_a_factor_asks_for_the_code() {
    let app = TestApp::new();
    app.person(LEA, Role::Agent);
    let (browser, mailbox) = (app.browser(), app.browser());
    browser.sign_in(LEA);
    let factor = browser.add_factor(&app);
    mailbox
        .get("/forgot")
        .form("/forgot")
        .fill("email", LEA)
        .submit();
    app.run("password letters");
    let link = app.mailed_path(LEA);
    let hash = || app.find_person(LEA).expect("known").password_hash;
    let before = hash();
    let choose = |code: &str| {
        mailbox
            .get(&link)
            .form(&link)
            .fill("password", "les tilleuls en juin")
            .fill("code", code)
            .submit_once()
    };
    choose("").expect(422);
    choose("000000").expect(422);
    assert_eq!(hash(), before);
    browser.get("/profile").at("/profile");
    assert!(mailbox.cookie("guichet_session").is_none());
    choose(&app.next_code(&factor)).expect(303);
    assert_ne!(hash(), before);
    mailbox.get("/profile").at("/profile");
    browser.get("/profile").at("/sign-in");
}

#[test]
fn changing_the_password_asks_for_it_and_ends_sign_ins_that_wait() {
    let app = TestApp::new();
    app.person(LEA, Role::Agent);
    let (browser, waiting) = (app.browser(), app.browser());
    browser.sign_in(LEA);
    browser.add_factor(&app);
    waiting.try_sign_in(LEA, PASSWORD).expect(303);
    waiting.get("/sign-in/code").at("/sign-in/code");
    let form = browser.get("/profile").form("/profile/password");
    let form = form.fill("password", "les tilleuls en juin");
    form.clone().submit_once().expect(422);
    form.fill("current_password", PASSWORD)
        .submit_once()
        .expect(303);
    waiting.get("/sign-in/code").at("/sign-in");
}
