//! Files of drafts: chosen once, seen by their owner alone, gone with the draft.

use std::path::PathBuf;
use std::time::Duration as StdDuration;

use chrono::Duration;
use guichet::app::SLICES;
use guichet::platform::blobs::Blobs;

use super::{REQUEST, kept, save, token};
use crate::requests::portal::Portal;
use crate::support::{Browser, File, FilledForm};

fn form<'b>(browser: &'b Browser<'b>) -> FilledForm<'b> {
    browser.get("/requests/new").expect(200).form("/requests")
}

fn file(name: &str) -> File {
    File::new(name, "text/plain", format!("contenu de {name}"))
}

/// Sends a form that lacks its subject, with a file.
fn refused(browser: &Browser<'_>, name: &str) -> String {
    let page = form(browser)
        .fill("body", "Texte.")
        .attach("files", file(name))
        .submit_once();
    let page = page.expect(422).has(name);
    page.attributes(".file-name", "href").pop().expect("a link")
}

fn content(portal: &Portal, name: &str) -> PathBuf {
    let draft = kept(portal, &portal.claire, "request", 0).expect("a draft");
    let file = draft.files.iter().find(|file| file.name == name);
    Blobs::new(&portal.app.site.settings.data_dir).path(&file.expect("a file").sha256)
}

#[test]
fn a_file_is_chosen_once_and_goes_with_what_is_sent() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    refused(&claire, "un.txt");
    // Once more, with another: both are there, the same one only once.
    let page = form(&claire)
        .fill("body", "Texte.")
        .attach("files", file("deux.txt"))
        .attach("files", file("un.txt"))
        .submit_once()
        .expect(422);
    let page = page
        .has("un.txt")
        .has("deux.txt")
        .lacks("attach them again");
    let sent = page
        .form("/requests")
        .fill("subject", "Sujet")
        .fill("request_type", &portal.question())
        .attach("files", file("trois.txt"))
        .submit()
        .expect(200);
    let links = sent.attributes("a.file[href*='/files/']", "href");
    assert_eq!(links.len(), 3, "{links:?}");
    assert_eq!(
        claire.get(&links[0]).expect(200).bytes(),
        b"contenu de un.txt"
    );
    assert_eq!(kept(&portal, &portal.claire, "request", 0), None);
}

#[test]
fn a_draft_holds_no_more_files_than_a_message() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let many = (0..7).fold(form(&claire).fill("body", "x"), |form, n| {
        form.attach("files", file(&format!("{n}.txt")))
    });
    let page = many.submit_once().expect(422).has("7 files are too many");
    let again = page.form("/requests").attach("files", file("z.txt"));
    again
        .submit_once()
        .expect(422)
        .has("6 files are too many")
        .lacks("z.txt");
}

#[test]
fn a_file_of_a_draft_is_its_owners_alone() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let href = refused(&claire, "un.txt");
    let page = claire.get(&href).expect(200);
    assert_eq!(page.bytes(), b"contenu de un.txt");
    assert_eq!(
        page.header("Content-Security-Policy"),
        Some("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
    );
    let other_place = href.replace("/request/", "/desk-request/");
    for other in [&portal.paul, &portal.theo, &portal.nadia] {
        let browser = portal.browser(other);
        browser.get(&href).expect(404);
        browser.get(&other_place).expect(404);
    }
    let id = href.rsplit('/').next().expect("an id").to_owned();
    // Somebody else's file is not sent along, either.
    let paul = portal.browser(&portal.paul);
    save(&paul, REQUEST, &[("body", "x")]).expect(200);
    let sent = form(&paul)
        .fill("subject", "Sujet")
        .fill("request_type", &portal.question())
        .forge("draft_file", &id)
        .submit()
        .expect(200);
    assert!(
        sent.attributes("a.file[href*='/files/']", "href")
            .is_empty()
    );
    claire.get(&href).expect(200);
}

#[test]
fn a_file_is_taken_away_with_one_button_and_the_text_stays() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let href = refused(&claire, "un.txt");
    let id = href.rsplit('/').next().expect("an id");
    let fields = [
        ("csrf", &*token(&claire)),
        ("body", "Texte, suite."),
        ("draft_remove", id),
    ];
    claire.post(&format!("{REQUEST}/form"), &fields).expect(303);
    let page = claire.get("/requests/new").expect(200).lacks("un.txt");
    assert_eq!(page.form("/requests").value("body"), Some("Texte, suite."));
    claire.get(&href).expect(404);
}

#[test]
fn the_content_goes_a_day_after_its_draft_unless_it_is_needed() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    refused(&claire, "garde.txt");
    refused(&claire, "jete.txt");
    let (kept_one, dropped) = (content(&portal, "garde.txt"), content(&portal, "jete.txt"));
    let listed = || -> usize {
        let lists = SLICES.iter().filter_map(|slice| slice.contents);
        lists.map(|list| portal.app.read(list).len()).sum()
    };
    assert_eq!(listed(), 2, "a backup has the contents of drafts");
    portal.run("draft-leftovers");
    assert!(kept_one.exists() && dropped.exists());

    // The same content is sent by another way.
    let paul = portal.browser(&portal.paul);
    let sent = form(&paul)
        .fill("subject", "Sujet")
        .fill("body", "Texte.")
        .fill("request_type", &portal.question())
        .attach("files", file("garde.txt"))
        .submit()
        .expect(200);
    drop(sent.has("garde.txt"));
    save(&claire, &format!("{REQUEST}/discard"), &[]).expect(303);
    assert_eq!(listed(), 1);
    for path in [&kept_one, &dropped] {
        let file = std::fs::File::options()
            .append(true)
            .open(path)
            .expect("it is there");
        let written = file
            .metadata()
            .and_then(|data| data.modified())
            .expect("a time");
        file.set_modified(written - StdDuration::from_secs(90_000))
            .expect("set");
    }
    portal.run("draft-leftovers");
    assert!(dropped.exists(), "a backup that began before may need it");
    portal.app.advance(Duration::days(1) + Duration::minutes(1));
    portal.run("draft-leftovers");
    assert!(kept_one.exists() && !dropped.exists());
}
