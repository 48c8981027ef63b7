//! Attachments: served as what they are, never as what they claim.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use guichet::app;
use guichet::platform::blobs::Blobs;

use super::footprint::Footprint;
use super::portal::Portal;
use crate::support::{Browser, File, Page};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR0000";
const HTML: &[u8] = b"<!doctype html><script>alert(document.cookie)</script>";

/// Files a request with one file and opens that file.
fn sent_back<'b>(portal: &Portal, browser: &'b Browser<'b>, file: File) -> Page<'b> {
    let page = browser
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.")
        .attach("files", file)
        .submit()
        .expect(200);
    let href = page.attributes("a[href*='/files/']", "href").remove(0);
    browser.get(&href).expect(200)
}

pub(super) fn header<'p>(page: &'p Page<'_>, name: &str) -> &'p str {
    page.header(name).unwrap_or("-")
}

#[test]
fn content_decides_the_type_and_nothing_can_act() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let cases: [(&str, &str, &[u8], &str, &str); 6] = [
        ("image.txt", "text/plain", PNG, "image/png", "inline"),
        (
            "page.png",
            "image/png",
            HTML,
            "application/octet-stream",
            "attachment",
        ),
        (
            "page.html",
            "text/html",
            HTML,
            "application/octet-stream",
            "attachment",
        ),
        (
            "dessin.svg",
            "image/svg+xml",
            b"<svg onload='alert(1)'/>",
            "text/plain",
            "attachment",
        ),
        (
            "x.js",
            "text/javascript",
            b"alert(1)",
            "text/plain",
            "attachment",
        ),
        (
            "doc.pdf",
            "image/gif",
            b"%PDF-1.7\n",
            "application/pdf",
            "attachment",
        ),
    ];
    for (name, claimed, bytes, served, how) in cases {
        let page = sent_back(&portal, &claire, File::new(name, claimed, bytes));
        assert_eq!(page.bytes(), bytes, "{name}");
        assert!(header(&page, "Content-Type").starts_with(served), "{name}");
        assert!(
            header(&page, "Content-Disposition").starts_with(how),
            "{name}"
        );
        assert_eq!(header(&page, "X-Content-Type-Options"), "nosniff");
        assert_eq!(
            header(&page, "Content-Security-Policy"),
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
        );
        assert_eq!(header(&page, "Cache-Control"), "no-store");
    }
}

#[test]
fn names_are_labels_and_never_paths_or_headers() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let long = format!("{}.pdf", "n".repeat(300));
    let names = [
        "../../../etc/passwd",
        "..\\..\\windows\\system.ini",
        "/absolu.txt",
        "a%22; filename=%22b.html",
        "gpj.\u{202e}exe",
        "\u{200b}.txt",
        "<script>alert(1)</script>.txt",
        "CON.txt",
        ".htaccess",
        "é à 日本.txt",
        &long,
    ];
    for name in names {
        let page = sent_back(&portal, &claire, File::new(name, "text/plain", "texte"));
        let disposition = header(&page, "Content-Disposition");
        assert_eq!(disposition.matches('"').count(), 2, "{name}: {disposition}");
        assert!(disposition.is_ascii(), "{name}: {disposition}");
        let label = disposition.split('"').nth(1).expect("a name");
        assert!(!label.contains(['/', '\\', '<', '>']), "{name}: {label}");
        assert!(
            !label.starts_with('.') && label.len() <= 120,
            "{name}: {label}"
        );
        assert!(!disposition.contains("%E2%80%AE"), "{name}: {disposition}");
    }
    let data = &portal.app.site.settings.data_dir;
    assert!(!data.join("absolu.txt").exists());
    // Every name has the same content: it lies in one place, called by what it holds.
    let folders = std::fs::read_dir(data.join("blobs"))
        .expect("blobs")
        .count();
    assert_eq!(folders, 1);
}

#[test]
fn a_quote_in_a_name_as_browsers_spell_it_is_shown_as_no_quote() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    sent_back(
        &portal,
        &claire,
        File::new("un%22deux.txt", "text/plain", "texte"),
    );
    let page = claire.get("/requests/GU-1001");
    page.has(".txt").lacks("<script>");
}

#[test]
fn a_file_belongs_to_its_request_and_its_customer() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let file = sent_back(&portal, &claire, File::new("a.txt", "text/plain", "texte")).path;
    let id = file.rsplit('/').next().expect("an id").to_owned();
    portal.file(&portal.claire, "Autre", "Texte.");
    portal.file(&portal.paul, "Le sien", "Texte.");
    claire
        .get(&format!("/requests/GU-1002/files/{id}"))
        .expect(404);
    claire
        .get(&format!("/requests/GU-9999/files/{id}"))
        .expect(404);
    for other in [&portal.paul, &portal.theo, &portal.nadia] {
        let browser = portal.browser(other);
        for reference in ["GU-1001", "GU-1003", "GU-9999"] {
            browser
                .get(&format!("/requests/{reference}/files/{id}"))
                .expect(404);
        }
    }
    let guest = portal.app.browser();
    let page = guest.get_once(&file).expect(303);
    assert!(page.location().is_some_and(|to| to.starts_with("/sign-in")));
}

/// Where the content of the only file lies.
fn only_content(portal: &Portal) -> PathBuf {
    let blobs = portal.app.site.settings.data_dir.join("blobs");
    let one = |folder: &Path| {
        let entry = std::fs::read_dir(folder).expect("a folder").next();
        entry.expect("one entry").expect("readable").path()
    };
    one(&one(&blobs))
}

fn scrub(portal: &Portal) {
    let schedules = app::schedules();
    let scrub = schedules.iter().find(|s| s.name == "scrub attachments");
    // Once to the end of the round, once to begin to rest.
    for _ in 0..2 {
        (scrub.expect("it is scheduled").run)(&portal.app.site).expect("the database works");
    }
}

#[test]
fn a_file_that_is_missing_or_cut_says_that_it_is_damaged() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let file = sent_back(&portal, &claire, File::new("a.txt", "text/plain", "texte")).path;
    let content = only_content(&portal);
    for damage in [Some("text"), Some("texte et plus"), Some(""), None] {
        match damage {
            Some(text) => std::fs::write(&content, text).expect("written"),
            None => std::fs::remove_file(&content).expect("it was there"),
        }
        claire.get(&file).expect(410).has("This file is damaged");
    }
    // The same file sent again is kept, and mends the first.
    let again = sent_back(&portal, &claire, File::new("b.txt", "text/plain", "texte"));
    assert_eq!(again.bytes(), b"texte");
    assert_eq!(claire.get(&file).expect(200).bytes(), b"texte");
}

#[test]
fn what_a_disk_alters_in_silence_is_found_and_not_handed_out() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let file = sent_back(&portal, &claire, File::new("a.txt", "text/plain", "texte")).path;
    let content = only_content(&portal);
    scrub(&portal);
    claire.get(&file).expect(200);

    std::fs::write(&content, "tExte").expect("written");
    scrub(&portal);
    claire.get(&file).expect(200);
    portal.app.clock.advance(TimeDelta::days(1));
    let claire = portal.browser(&portal.claire);
    scrub(&portal);
    claire.get(&file).expect(410);
    assert!(!content.exists());

    // Sent again while it lies there altered, or after: either way the right one is kept.
    for damage in [None, Some("tEXte")] {
        if let Some(text) = damage {
            std::fs::write(&content, text).expect("written");
        }
        sent_back(&portal, &claire, File::new("c.txt", "text/plain", "texte"));
        assert_eq!(claire.get(&file).expect(200).bytes(), b"texte");
    }
}

#[test]
fn an_answer_to_no_request_keeps_no_file() {
    let portal = Portal::new();
    portal.file(&portal.claire, "Sujet", "Texte.");
    let theo = portal.browser(&portal.theo);
    let page = theo.get("/desk/tickets/GU-1001");
    let before = Footprint::of(&portal);
    let form = page.form("/desk/tickets/GU-1001/messages");
    let file = File::new("a.txt", "text/plain", "texte");
    let (_, content_type, body) = form.fill("body", "Texte.").attach("files", file).encoded();
    theo.post_raw("/desk/tickets/GU-9999/messages", content_type, body)
        .expect(404);
    assert_eq!(Footprint::of(&portal), before);
}

#[test]
fn what_no_request_refers_to_is_cleared_away_after_a_day() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let file = sent_back(&portal, &claire, File::new("a.txt", "text/plain", "texte")).path;
    let blobs = Blobs::new(&portal.app.site.settings.data_dir);
    let keep = |text: &str| blobs.keep_bytes(text.as_bytes()).expect("kept").sha256;
    let (left, fresh) = (keep("left behind"), keep("just received"));
    for path in [only_content_of(&portal, "texte"), blobs.path(&left)] {
        let file = std::fs::File::options()
            .write(true)
            .open(path)
            .expect("it is there");
        let modified = file
            .metadata()
            .and_then(|meta| meta.modified())
            .expect("a time");
        let days = std::time::Duration::from_secs(2 * 86_400);
        file.set_modified(modified - days).expect("our file");
    }
    scrub(&portal);
    assert!(!blobs.path(&left).exists());
    assert!(blobs.path(&fresh).exists());
    assert_eq!(claire.get(&file).expect(200).bytes(), b"texte");
}

/// Where a content lies.
fn only_content_of(portal: &Portal, text: &str) -> PathBuf {
    let blobs = Blobs::new(&portal.app.site.settings.data_dir);
    blobs.path(&blobs.keep_bytes(text.as_bytes()).expect("kept").sha256)
}
