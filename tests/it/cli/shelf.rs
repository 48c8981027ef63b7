//! What the front keeps of the program's answers, and for how long.

use std::time::{Duration, Instant};

use super::program::{Place, Server};
use super::wire::{Answer, HOST, Wire};

const PAGE: &str = "/en/articles/lamp";

/// Far longer than an edit takes to show.
const PATIENCE: Duration = Duration::from_secs(60);

fn write_article(place: &Place, text: &str) {
    let folder = place.path().join("kb/en/net");
    std::fs::create_dir_all(&folder).expect("made");
    std::fs::write(folder.join("_section.md"), "---\ntitle: Net\n---\n").expect("written");
    let text = format!("---\ntitle: The lamp\n---\n\n{text}\n");
    std::fs::write(folder.join("lamp.md"), text).expect("written");
}

fn ask(wire: &mut Wire, path: &str, headers: &str) -> Answer {
    wire.say(format!("GET {path} HTTP/1.1\r\n{HOST}{headers}\r\n"));
    wire.answer()
}

/// Asks until a page says something.
fn wait_for(server: &Server, text: &str) {
    let begun = Instant::now();
    let mut wire = Wire::open(server.port);
    loop {
        let page = ask(&mut wire, PAGE, "");
        if page.status == 200 && says(&page, text) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{PAGE} never says {text:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn says(page: &Answer, text: &str) -> bool {
    String::from_utf8_lossy(&page.body).contains(text)
}

#[test]
fn a_page_for_all_is_the_same_each_time_and_follows_its_article() {
    let place = Place::new();
    write_article(&place, "It is green.");
    let server = place.serve();
    wait_for(&server, "It is green.");
    let mut wire = Wire::open(server.port);
    let pages = [(); 3].map(|()| ask(&mut wire, PAGE, ""));
    for page in &pages {
        assert_eq!(page.stable_head(), pages[0].stable_head());
        assert_eq!(page.body, pages[0].body);
        assert_eq!(page.header("x-guichet-made-from"), None);
        assert!(page.header("date").is_some());
    }
    let numbers = pages.each_ref().map(|page| page.header("x-request-id"));
    assert!(numbers[0].is_some() && numbers[0] != numbers[1] && numbers[1] != numbers[2]);
    write_article(&place, "It is red.");
    wait_for(&server, "It is red.");
    assert!(!says(&ask(&mut wire, PAGE, ""), "It is green."));
}

#[test]
fn who_is_not_any_guest_gets_their_own() {
    let place = Place::new();
    write_article(&place, "It is green.");
    let server = place.serve();
    wait_for(&server, "It is green.");
    let mut wire = Wire::open(server.port);
    for _ in 0..2 {
        let plain = ask(&mut wire, PAGE, "");
        assert!(says(&plain, "data-theme=\"auto\""));
        let small = ask(&mut wire, PAGE, "Accept-Encoding: gzip, br\r\n");
        assert_eq!(small.header("content-encoding"), Some("br"));
        assert!(small.body.len() < plain.body.len() / 2);
        let dark = ask(&mut wire, PAGE, "Cookie: guichet_theme=dark\r\n");
        assert!(says(&dark, "data-theme=\"dark\""));
        for lang in ["en", "fr"] {
            let home = ask(&mut wire, "/", &format!("Accept-Language: {lang}\r\n"));
            assert!(says(&home, &format!("<html lang=\"{lang}\"")));
        }
        let tag = plain.header("etag").expect("articles have a tag");
        wire.say(format!(
            "GET {PAGE} HTTP/1.1\r\n{HOST}If-None-Match: {tag}\r\n\r\n"
        ));
        assert_eq!(wire.head().status, 304);
        wire.say(format!("HEAD {PAGE} HTTP/1.1\r\n{HOST}\r\n"));
        assert_eq!(wire.head().stable_head(), plain.stable_head());
    }
}
