//! Everything that can be tried without end is counted.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use guichet::platform::subscriber::Subscriber;
use guichet::platform::web::limits::{Action, Key};
use rocket::http::{ContentType, Header};

use super::rows::ROWS;
use super::stage::Stage;
use crate::support::{Browser, File, Sent, note_statements, queries};

/// Tries that no person makes in a row.
const TRIES: usize = 500;

/// Whether somebody is asked to wait before they have tried that often.
fn is_stopped<'b>(tries: usize, ask: impl Fn() -> crate::support::Page<'b>) -> bool {
    (0..tries).any(|_| {
        let page = ask();
        if page.status == 429 {
            assert!(page.header("Retry-After").is_some(), "{}", page.path);
        }
        page.status == 429
    })
}

fn token(browser: &Browser<'_>) -> String {
    let page = browser.get("/requests/new").expect(200);
    let form = page.form("/requests");
    form.value("csrf").expect("a token").to_owned()
}

#[test]
fn every_form_that_a_guest_can_send_is_counted() {
    let stage = Stage::new();
    for row in ROWS.iter().filter(|row| row.method == "POST") {
        let (guest, path) = (stage.browser("guest"), stage.path(row.address));
        let csrf = token(&guest);
        let stopped = is_stopped(TRIES, || guest.post(&path, &[("csrf", &csrf)]));
        assert!(stopped, "{}", row.route);
    }
}

#[test]
fn what_is_refused_is_counted_by_where_it_comes_from() {
    let stage = Stage::new();
    let desk = stage.path("/desk/tickets/{ticket}/messages");
    // Without a token; with one, where somebody has no business.
    let (claire, guest) = (stage.browser("owner"), stage.browser("guest"));
    assert!(is_stopped(TRIES, || guest.post("/requests", &[])));
    let csrf = token(&claire);
    assert!(is_stopped(TRIES, || claire.post(&desk, &[("csrf", &csrf)])));
    claire.move_to(IpAddr::from([203, 0, 113, 9]));
    claire.post(&desk, &[("csrf", &csrf)]).expect(404);
    // What another site has somebody's browser send is not theirs.
    let paul = stage.browser("other");
    let csrf = token(&paul);
    for _ in 0..TRIES {
        let sent = Sent {
            path: "/theme",
            content_type: ContentType::Form,
            body: format!("csrf={csrf}&theme=dark").into_bytes(),
            headers: vec![Header::new("Sec-Fetch-Site", "cross-site")],
        };
        paul.post_as_is(sent).expect(403);
    }
    let theme = [("csrf", csrf.as_str()), ("theme", "dark")];
    paul.post("/theme", &theme).expect(303);
    paul.post("/requests", &[]).expect(403);
}

#[test]
fn one_guest_attaches_so_much_and_no_more() {
    let stage = Stage::new();
    let guest = stage.browser("guest");
    let send = |number: usize| {
        let form = guest.get("/requests/new").form("/requests");
        let form = form
            .fill("request_type", &stage.portal.question())
            .fill("subject", "Sujet")
            .fill("body", &format!("Texte {number}."))
            .fill("name", "Jeanne")
            .fill("email", &format!("jeanne.{number}@verger.example"));
        let files = (0..5).map(|n| File::new(&format!("{n}.txt"), "text/plain", "ligne"));
        let form = files.fold(form, |form, file| form.attach("files", file));
        form.submit_once()
    };
    let sent = (0..20).take_while(|number| send(*number).status == 303);
    assert_eq!(sent.count(), 12, "sixty files");
    let refused = send(99).expect(429);
    assert_eq!(refused.form("/requests").value("body"), Some("Texte 99."));
}

#[test]
fn the_forms_of_somebody_signed_in_are_counted_as_theirs() {
    let stage = Stage::new();
    let claire = stage.browser("owner");
    let csrf = token(&claire);
    let theme = [("csrf", csrf.as_str()), ("theme", "dark")];
    for number in 0..=TRIES {
        // Whoever moves about is still the same.
        let last = u8::try_from(number % 200).expect("it is small");
        claire.move_to(IpAddr::from([192, 0, 2, last]));
        if claire.post("/theme", &theme).status == 429 {
            return;
        }
    }
    panic!("nobody was stopped");
}

#[test]
fn secrets_of_links_are_not_tried_without_end() {
    let stage = Stage::new();
    for path in [
        "/track/none",
        "/track/none/files/none",
        "/password/none",
        "/setup/none",
    ] {
        let guest = stage.browser("guest");
        assert!(is_stopped(TRIES, || guest.get_once(path)), "{path}");
    }
}

#[test]
fn searches_are_counted() {
    let stage = Stage::new();
    let limiter = &stage.portal.app.site.limiter;
    let owner = stage.portal.claire.id.key();
    let agent = stage.portal.theo.id.key();
    let rows = [
        ("guest", "/en/search?q=line", None),
        ("guest", "/api/v1/articles/search?lang=en&q=line", None),
        ("guest", "/api/v1/suggestions?lang=en&q=lin", None),
        ("owner", "/requests?q=sujet", Some(owner)),
        ("agent", "/desk/search?q=sujet", Some(agent.clone())),
        ("agent", "/desk/views/open?q=sujet", Some(agent)),
    ];
    // All of them before any is exhausted: two are counted by the same person.
    for (role, path, _) in &rows {
        stage.browser(role).get(path).expect(200);
    }
    for ((role, path, key), last) in rows.into_iter().zip(1..) {
        let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, last));
        let key = key.unwrap_or_else(|| Subscriber::of(address).key());
        let browser = stage.browser(role);
        browser.move_to(address);
        // Somebody else takes what is left as fast as it comes.
        let done = AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let _ = limiter.check(Action::Search, &key);
                }
            });
            let stopped = is_stopped(TRIES, || browser.get_once(path));
            done.store(true, Ordering::Relaxed);
            assert!(stopped, "{path}");
        });
    }
}

#[test]
fn one_person_writes_so_much_and_no_more_and_loses_nothing() {
    let stage = Stage::new();
    let claire = stage.browser("owner");
    let path = stage.path("/requests/{ticket}");
    let action = format!("{path}/messages");
    let form = claire.get(&path).form(&action);
    let send = |number: usize| {
        let form = form.clone().forge("key", &format!("clef-{number}"));
        form.fill("body", &format!("Encore {number}."))
            .submit_once()
    };
    let sent = (0..40).take_while(|number| send(*number).status == 303);
    // One more every twenty seconds, should this take so long.
    assert!((30..33).contains(&sent.count()));
    let refused = send(99).expect(429).has("Nothing you wrote is lost");
    assert!(refused.header("Retry-After").is_some());
    assert_eq!(refused.form(&action).value("body"), Some("Encore 99."));
    let new = claire.get("/requests/new").form("/requests");
    let new = new
        .fill("request_type", &stage.portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.");
    let refused = new.submit().expect(429);
    assert_eq!(refused.form("/requests").value("body"), Some("Texte."));
    // It is hers alone.
    let paul = stage.browser("other");
    crate::requests::portal::file_as(&stage.portal, &paul, "Sujet", "Texte.").expect(200);
}

#[test]
fn one_person_attaches_so_much_and_no_more() {
    let stage = Stage::new();
    let theo = stage.browser("agent");
    let path = stage.path("/desk/tickets/{ticket}");
    let action = format!("{path}/messages");
    let send = |number: usize| {
        let form = theo.get(&path).form(&action);
        let form = form.fill("body", &format!("Voici {number}."));
        let files = (0..5).map(|n| File::new(&format!("{n}.txt"), "text/plain", "ligne"));
        files
            .fold(form, |form, file| form.attach("files", file))
            .press("status", "keep")
            .submit_once()
    };
    let sent = (0..20).take_while(|number| send(*number).status == 303);
    assert_eq!(sent.count(), 12, "sixty files");
    let refused = send(99).expect(429);
    assert_eq!(refused.form(&action).value("body"), Some("Voici 99."));
}

#[test]
fn whoever_asks_whether_it_can_serve_is_no_burden() {
    note_statements();
    let stage = Stage::new();
    let guest = stage.browser("guest");
    queries(&stage.portal.app);
    let begun = Instant::now();
    guest.get_once("/readyz").expect(200);
    let once = queries(&stage.portal.app).len();
    assert!(once > 0, "it looks");
    for _ in 0..100 {
        guest.get_once("/readyz").expect(200);
    }
    let seconds = usize::try_from(begun.elapsed().as_secs()).expect("a short while");
    assert!(
        queries(&stage.portal.app).len() <= once * (seconds + 1),
        "one look a second, however many ask"
    );
}
