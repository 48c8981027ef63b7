//! Signing up, signing in, signing out.

use std::net::IpAddr;

use guichet::accounts::{Role, commands};
use guichet::platform::i18n::Lang;

use crate::support::{PASSWORD, TestApp};

const CLAIRE: &str = "claire@tilleuls.example";

#[test]
fn a_customer_opens_an_account_by_proving_their_address() {
    let app = TestApp::new();
    let browser = app.browser();
    browser
        .get("/sign-up")
        .expect(200)
        .form("/sign-up")
        .fill("name", "Claire Fontanel")
        .fill("email", "Claire@Tilleuls.example")
        .submit()
        .expect(200)
        .has("Regardez vos courriels")
        .has(CLAIRE);
    app.run("password letters");
    let person = app.find_person(CLAIRE).expect("known");
    assert_eq!(
        (person.name.as_str(), person.is_active()),
        ("Claire Fontanel", false)
    );
    assert_eq!(app.last_mail_to(CLAIRE).kind, "accounts/confirm");

    let link = app.mailed_path(CLAIRE);
    let answer = browser
        .get(&link)
        .expect(200)
        .has(CLAIRE)
        .form(&link)
        .fill("password", PASSWORD)
        .submit_once()
        .expect(303);
    assert_eq!(answer.location(), Some("/requests"));
    browser
        .get("/profile")
        .expect(200)
        .has("est enregistré")
        .has(CLAIRE);
    let person = app.find_person(CLAIRE).expect("known");
    assert!(person.is_active() && person.confirmed_at.is_some());
}

#[test]
fn the_whole_way_is_in_english_for_who_reads_english() {
    let app = TestApp::new();
    let browser = app.browser_in(Lang::En);
    let page = browser.get("/sign-up").expect(200).has("Create an account");
    page.form("/sign-up")
        .fill("name", "Ann Lee")
        .fill("email", "ann@oak.example")
        .submit()
        .has("Check your email");
    app.run("password letters");
    let mail = app.last_mail_to("ann@oak.example");
    assert_eq!(mail.subject, "Choose your password");
    let link = app.mailed_path("ann@oak.example");
    browser.get(&link).has("Choose a password");
}

#[test]
fn nobody_learns_from_the_pages_whether_an_address_is_known() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let ask = |path: &str, email: &str| {
        let browser = app.browser();
        let page = browser.get(path);
        let form = page.form(path).fill("email", email);
        let form = if path == "/sign-up" {
            form.fill("name", "Quelqu’un")
        } else {
            form
        };
        let page = form.submit_once();
        // Only the address itself may differ.
        (page.status, page.html().replace(email, "").len())
    };
    for path in ["/sign-up", "/forgot"] {
        assert_eq!(
            ask(path, CLAIRE),
            ask(path, "claude@tilleuls.example"),
            "{path}"
        );
    }
    let known = app.browser();
    let wrong = known
        .try_sign_in(CLAIRE, "pas le bon mot de passe")
        .expect(422);
    let stranger = app.browser();
    let unknown = stranger.try_sign_in("claude@tilleuls.example", "pas le bon mot de passe");
    assert_eq!(unknown.status, wrong.status);
    assert_eq!(wrong.all(".field-error"), unknown.all(".field-error"));
}

#[test]
fn signing_up_again_sends_who_has_an_account_to_the_sign_in_page() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    let page = browser.get("/sign-up");
    let form = page.form("/sign-up").fill("name", "Un autre nom");
    form.fill("email", CLAIRE).submit().expect(200);
    app.run("password letters");
    let mail = app.last_mail_to(CLAIRE);
    assert_eq!(mail.kind, "accounts/already-registered");
    assert!(!mail.data.contains("password"));
    assert_eq!(
        app.find_person(CLAIRE).map(|p| p.name),
        Some("claire".to_owned())
    );
}

#[test]
fn each_role_comes_home() {
    let app = TestApp::new();
    for (role, home) in [
        (Role::Customer, "/requests"),
        (Role::Agent, "/desk"),
        (Role::Manager, "/desk"),
    ] {
        let email = format!("{role}@support.example");
        app.person(&email, role);
        let browser = app.browser();
        let answer = browser.sign_in(&email).expect(303);
        assert_eq!(answer.location(), Some(home));
    }
}

#[test]
fn who_wanted_a_page_gets_it_after_signing_in() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    let page = browser
        .get("/profile?x=1&y=a%20b")
        .expect(200)
        .at("/sign-in");
    let form = page
        .form("/sign-in")
        .fill("email", CLAIRE)
        .fill("password", PASSWORD);
    let answer = form.submit_once().expect(303);
    assert_eq!(answer.location(), Some("/profile?x=1&y=a%20b"));
}

#[test]
fn signing_in_never_leads_to_another_site() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    for elsewhere in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "evil.example",
    ] {
        let browser = app.browser();
        let page = browser.get("/sign-in");
        let form = page
            .form("/sign-in")
            .fill("email", CLAIRE)
            .fill("password", PASSWORD);
        let answer = form.fill("return_to", elsewhere).submit_once().expect(303);
        assert_eq!(answer.location(), Some("/requests"), "{elsewhere:?}");
        let encoded =
            percent_encoding::utf8_percent_encode(elsewhere, percent_encoding::NON_ALPHANUMERIC);
        let answer = browser.get_once(&format!("/language/en?return_to={encoded}"));
        assert_eq!(answer.location(), Some("/"), "{elsewhere:?}");
    }
}

#[test]
fn a_session_is_new_and_the_one_before_is_dead() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.set_cookie("guichet_session", "chosen-by-somebody-else");
    browser.sign_in(CLAIRE);
    let first = browser.cookie("guichet_session").expect("signed in");
    assert_ne!(first, "chosen-by-somebody-else");

    // Signing in again from the same browser ends the session it had.
    let page = browser.get("/profile").expect(200);
    drop(page);
    let other = app.browser();
    other.set_cookie("guichet_session", &first);
    other.get("/profile").expect(200).at("/profile");
    browser.get("/profile").form("/sign-out").submit();
    other.get("/profile").at("/sign-in");
}

#[test]
fn signing_out_forgets_and_says_so_to_the_browser() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    let answer = browser
        .get("/profile")
        .form("/sign-out")
        .submit_once()
        .expect(303);
    assert_eq!(
        answer.header("Clear-Site-Data"),
        Some("\"cache\", \"storage\"")
    );
    assert_eq!(browser.cookie("guichet_session"), None);
    browser.get("/profile").at("/sign-in");
}

#[test]
fn a_closed_account_is_dead_at_the_next_request() {
    let app = TestApp::new();
    let claire = app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    app.write(move |tx| commands::disable(tx, claire.id));
    browser.get("/profile").at("/sign-in");
    app.browser().try_sign_in(CLAIRE, PASSWORD).expect(422);

    let before = app.mails().len();
    let stranger = app.browser();
    let page = stranger.get("/forgot");
    page.form("/forgot")
        .fill("email", CLAIRE)
        .submit()
        .expect(200);
    app.run("password letters");
    assert_eq!(app.mails().len(), before, "a closed account gets no link");
}

#[test]
fn guessing_stops_and_the_owner_still_comes_in_from_elsewhere() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let guesser = app.browser();
    let statuses: Vec<u16> = (0..12)
        .map(|n| {
            guesser
                .try_sign_in(CLAIRE, &format!("essai numéro {n}"))
                .status
        })
        .collect();
    assert_eq!(statuses.first(), Some(&422));
    assert_eq!(statuses.last(), Some(&429));
    let refused = guesser.try_sign_in(CLAIRE, PASSWORD).expect(429);
    assert!(refused.header("Retry-After").is_some());
    app.browser().sign_in(CLAIRE);
}

/// Guesses from networks that try once each until one is refused, and answers how many were not. What
/// is allowed in an hour comes back bit by bit: on a slow machine some more than a hundred.
fn guessed_from_everywhere(app: &TestApp, email: &str) -> u16 {
    let guesser = app.browser();
    let is_refused = |n: &u16| {
        let [high, low] = n.to_be_bytes();
        guesser.move_to(IpAddr::from([198, 18, high, low]));
        let page = guesser.try_sign_in(email, &format!("essai numéro {n}"));
        assert_eq!(page.header("Retry-After").is_some(), page.status == 429);
        assert!(matches!(page.status, 422 | 429), "{}", page.status);
        page.status == 429
    };
    (0..150).find(is_refused).expect("it has an end")
}

#[test]
fn many_networks_do_not_guess_at_one_account_without_end() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    // Those who sign in use none of it up.
    for _ in 0..5 {
        app.browser().sign_in(CLAIRE);
    }
    assert!(guessed_from_everywhere(&app, "claude@tilleuls.example") >= 100);
    assert!(guessed_from_everywhere(&app, CLAIRE) >= 100);

    // A try may have come back in between; it is used up again.
    let refused = (0..5).any(|_| {
        let owner = app.browser();
        let page = owner.try_sign_in(CLAIRE, PASSWORD);
        if page.status != 429 {
            guessed_from_everywhere(&app, CLAIRE);
            return false;
        }
        let page = page.has("tout de suite");
        assert!(!page.attributes("a[href^='/forgot']", "href").is_empty());
        true
    });
    assert!(refused, "the owner's try is one, too");
    // Others are not concerned, and a link leads its owner in.
    app.person("lea@support.example", Role::Customer);
    app.browser().sign_in("lea@support.example");
    let before = app.mails().len();
    let owner = app.browser();
    let page = owner.get("/forgot");
    let form = page.form("/forgot").fill("email", CLAIRE);
    form.submit().expect(200);
    app.run("password letters");
    assert_eq!(app.mails().len(), before + 1);
}

#[test]
fn bad_input_comes_back_with_what_to_mend() {
    let app = TestApp::new();
    let browser = app.browser();
    let page = browser
        .get("/sign-up")
        .form("/sign-up")
        .submit_once()
        .expect(422);
    assert_eq!(page.all(".error-summary li").len(), 2);
    let long = "é".repeat(121);
    for (name, email) in [
        (long.as_str(), CLAIRE),
        ("Cl\u{0}aire", CLAIRE),
        ("Claire", "claire"),
        ("Claire", "claire@tilleuls.example\r\nBcc: x@y.example"),
        ("   ", CLAIRE),
    ] {
        let page = browser.get("/sign-up");
        let form = page
            .form("/sign-up")
            .fill("name", name)
            .fill("email", email);
        form.submit_once().expect(422);
    }
    let page = browser
        .get("/sign-in")
        .form("/sign-in")
        .submit_once()
        .expect(422);
    assert_eq!(page.all(".error-summary li").len(), 2);
    let huge = "x".repeat(1_000_000);
    browser.try_sign_in(CLAIRE, &huge).expect(422);
    assert!(app.mails().is_empty());
}

#[test]
fn language_and_theme_are_remembered_without_an_account() {
    let app = TestApp::new();
    let browser = app.browser();
    browser
        .get("/language/en?return_to=%2Fsign-in")
        .at("/sign-in")
        .has("Sign in");
    browser.get("/sign-in").has("Sign in");
    browser.get("/language/de").expect(404);
    let page = browser.get("/sign-in");
    assert_eq!(page.attributes("html", "data-theme"), ["auto"]);
}

#[test]
fn a_form_of_another_site_or_session_changes_nothing() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    browser.sign_in(CLAIRE);
    browser
        .post("/profile", &[("name", "Autre"), ("language", "fr")])
        .expect(403);
    let token = app
        .browser()
        .get("/sign-in")
        .form("/sign-in")
        .value("csrf")
        .map(str::to_owned);
    let token = token.expect("a token");
    let fields = [
        ("csrf", token.as_str()),
        ("name", "Autre"),
        ("language", "fr"),
    ];
    browser.post("/profile", &fields).expect(403);
    assert_eq!(
        app.find_person(CLAIRE).map(|p| p.name),
        Some("claire".to_owned())
    );
}
