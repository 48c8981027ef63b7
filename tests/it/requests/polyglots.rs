//! Files that are two things at once: a picture to whoever looks at how they begin, and a page or a
//! script to whoever reads on.

use super::files::header;
use super::portal::Portal;
use crate::support::{Browser, File};

/// How files begin that are what they seem.
const HEADS: [(&str, &[u8]); 7] = [
    ("gif", b"GIF89a/*\x01\0\x01\0\x80\0\0"),
    (
        "png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0",
    ),
    (
        "jpeg",
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
    ),
    ("webp", b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ("mark", b"\xef\xbb\xbf"),
    ("nothing", b""),
];

/// What they go on with: a name that a browser would go by, the type that the sender claims, and what
/// must never run.
const TAILS: [(&str, &str, &[u8]); 6] = [
    ("page.html", "text/html", b"<!doctype html><html><script>alert(1)</script></html>"),
    ("page.xhtml", "application/xhtml+xml",
        b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></html>"),
    ("late.html", "text/html", b"--><img src=x onerror=alert(1)><!--"),
    ("code.js", "text/javascript", b"*/=1;alert(document.cookie)//"),
    ("module.mjs", "application/javascript", b"\nexport default alert(1);\n"),
    ("drawing.svg", "image/svg+xml",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>"),
];

/// Pictures that hold no scripts: all that is shown in its place.
const SHOWN: [&str; 5] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
];

/// Words of types that a browser would run.
const ACTIVE: [&str; 4] = ["html", "svg", "xml", "script"];

fn corpus() -> Vec<File> {
    let of = |(kind, head): (&str, &[u8])| {
        TAILS.map(|(name, claimed, tail)| {
            File::new(&format!("{kind}-{name}"), claimed, [head, tail].concat())
        })
    };
    HEADS.into_iter().flat_map(of).collect()
}

/// Files a request with files, and answers where they are.
fn filed<'b>(portal: &Portal, browser: &'b Browser<'b>, files: &[File]) -> Vec<String> {
    let page = browser.get("/requests/new");
    let form = page
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.");
    let attached = files.iter().fold(form, |form, file| {
        let file = File::new(&file.name, &file.media_type, file.bytes.clone());
        form.attach("files", file)
    });
    let page = attached.submit().expect(200);
    page.attributes("a[href*='/files/']", "href")
}

#[test]
fn what_is_two_things_at_once_acts_as_neither() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let corpus = corpus();
    let mut shown = 0;
    for files in corpus.chunks(3) {
        let mut links = filed(&portal, &claire, files);
        links.sort();
        links.dedup();
        assert_eq!(links.len(), files.len(), "each has an address");
        let mut missing: Vec<&File> = files.iter().collect();
        for link in links {
            let page = claire.get(&link).expect(200);
            let of = missing.iter().position(|file| file.bytes == page.bytes());
            let about = &missing
                .remove(of.expect("it comes back as it was sent"))
                .name;
            let served = header(&page, "Content-Type").to_ascii_lowercase();
            let how = header(&page, "Content-Disposition");
            let is_picture = SHOWN.iter().any(|picture| served == *picture);
            shown += usize::from(is_picture);
            assert!(
                is_picture || how.starts_with("attachment"),
                "{about}: {served}, {how}"
            );
            let active = ACTIVE.iter().find(|word| served.contains(*word));
            assert_eq!(active, None, "{about}: {served}");
            assert_eq!(
                header(&page, "X-Content-Type-Options"),
                "nosniff",
                "{about}"
            );
            assert_eq!(
                header(&page, "Content-Security-Policy"),
                "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
                "{about}"
            );
        }
    }
    assert!(shown > 0, "none of them looks like a picture");
}
