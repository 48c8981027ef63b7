//! Browsers that are known: strangers who guess at an account do not keep its owner out of them.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU16, Ordering};

use chrono::Duration;
use guichet::accounts::{Role, commands, passwords};

use crate::support::{Browser, PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";
const PAUL: &str = "paul@verger.example";
const MARK: &str = "guichet_mark";

/// The mark that a browser gets by signing in.
fn mark_of(app: &TestApp, email: &str) -> String {
    let browser = app.browser();
    browser.sign_in(email);
    browser.cookie(MARK).expect("it is known from now on")
}

/// A browser with a mark, at an address of its own.
fn marked<'a>(app: &'a TestApp, mark: &str) -> Browser<'a> {
    let browser = app.browser();
    browser.set_cookie(MARK, mark);
    browser
}

/// Tries a wrong password from network after network until it is refused unseen. Answers how many
/// were looked at; some more than are allowed, on a slow machine.
fn use_up(browser: &Browser<'_>, email: &str) -> usize {
    static NETWORKS: AtomicU16 = AtomicU16::new(0);
    let is_refused = |_: &usize| {
        let [high, low] = NETWORKS.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        browser.move_to(IpAddr::from([198, 19, high, low]));
        browser.try_sign_in(email, "un essai de trop").status == 429
    };
    (0..150).find(is_refused).expect("it has an end")
}

/// Whether passwords from a browser with this mark are not looked at, as those of strangers are not.
fn is_shut_out(app: &TestApp, mark: Option<&str>) -> bool {
    // What is allowed comes back bit by bit, and is used up again.
    (0..5).any(|_| {
        let browser = mark.map_or_else(|| app.browser(), |mark| marked(app, mark));
        let status = browser.try_sign_in(CLAIRE, "un essai de trop").status;
        if status != 429 {
            use_up(&app.browser(), CLAIRE);
        }
        status == 429
    })
}

#[test]
fn an_owner_comes_in_while_strangers_guess() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    app.person(PAUL, Role::Customer);
    let (mark, of_paul) = (mark_of(&app, CLAIRE), mark_of(&app, PAUL));
    assert!(use_up(&app.browser(), CLAIRE) >= 100);

    assert!(is_shut_out(&app, None));
    assert!(is_shut_out(&app, Some(&of_paul)), "somebody else's");
    let parts: Vec<&str> = mark.split('.').collect();
    let [browser, since, proof] = parts[..] else {
        panic!("{mark}");
    };
    let other = if proof.starts_with('A') { "B" } else { "A" };
    for forged in [
        format!("{browser}x.{since}.{proof}"),
        format!("{browser}.{since}0.{proof}"),
        format!("{browser}.{since}.{other}{}", &proof[1..]),
        format!("{browser}.{since}."),
        format!("{browser}.soon.{proof}"),
        "x".to_owned(),
    ] {
        assert!(is_shut_out(&app, Some(&forged)), "{forged}");
    }
    for _ in 0..3 {
        marked(&app, &mark).sign_in(CLAIRE);
    }

    // With wrong ones of its own, and no more than these.
    let tries = use_up(&marked(&app, &mark), CLAIRE);
    assert!((20..40).contains(&tries), "{tries}");
    let browser = marked(&app, &mark);
    let page = browser.try_sign_in(CLAIRE, PASSWORD);
    // A try may have come back in between.
    assert!([303, 429].contains(&page.status), "{}", page.status);
}

#[test]
fn a_mark_says_nothing_of_accounts() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    app.person(PAUL, Role::Customer);
    let mark = mark_of(&app, PAUL);
    assert!(!mark.contains("paul"));
    let answers = [CLAIRE, "nobody@verger.example"].map(|email| {
        let browser = marked(&app, &mark);
        let page = browser.try_sign_in(email, "un essai de trop").expect(422);
        page.text().replace(email, "")
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn marks_end_with_the_other_sessions_and_with_the_password() {
    let app = TestApp::new();
    let claire = app.person(CLAIRE, Role::Customer);
    let before = mark_of(&app, CLAIRE);
    app.advance(Duration::seconds(1));
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    app.advance(Duration::seconds(1));
    let form = browser.get("/profile").form("/profile/sessions/end");
    form.submit().expect(200);
    let after = browser.cookie(MARK).expect("this one stays known");
    assert_ne!(before, after);

    assert!(use_up(&app.browser(), CLAIRE) >= 100);
    assert!(is_shut_out(&app, Some(&before)));
    let page = marked(&app, &after)
        .try_sign_in(CLAIRE, "un essai de trop")
        .status;
    assert_eq!(page, 422, "it is looked at");

    let hash = passwords::hash("un autre lilas en mai");
    app.write(move |tx| commands::set_password(tx, &claire, &hash).map(drop));
    assert!(is_shut_out(&app, Some(&after)));
}
