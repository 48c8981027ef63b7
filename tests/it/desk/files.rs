//! Attachments at the desk.

use super::Desk;
use crate::support::File;

#[test]
fn pictures_open_in_place_and_everything_else_is_saved() {
    let desk = Desk::new();
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let theo = desk.browser(&desk.theo);
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let page = theo
        .get(&path)
        .form(&format!("{path}/messages"))
        .fill("body", "Trois fichiers.")
        .attach("files", File::new("relevé.png", "image/png", png.clone()))
        .attach(
            "files",
            File::new(
                "piege.png",
                "image/png",
                b"<html><script>alert(1)</script>".to_vec(),
            ),
        )
        .attach(
            "files",
            File::new(
                "outil.exe",
                "application/x-msdownload",
                b"MZ\x90\0\x03".to_vec(),
            ),
        )
        .submit()
        .expect(200);
    let links = page.attributes("a.file", "href");
    assert_eq!(links.len(), 3);
    let picture = theo.get(&links[0]).expect(200);
    assert_eq!(picture.bytes(), png);
    assert_eq!(picture.header("Content-Type"), Some("image/png"));
    let disposition = picture
        .header("Content-Disposition")
        .expect("it is set")
        .to_owned();
    assert!(disposition.starts_with("inline; "), "{disposition}");
    assert!(
        disposition.contains("filename*=UTF-8''relev%C3%A9"),
        "{disposition}"
    );
    for link in &links[1..] {
        let file = theo.get(link).expect(200);
        assert_eq!(
            file.header("Content-Type"),
            Some("application/octet-stream")
        );
        assert!(
            file.header("Content-Disposition")
                .is_some_and(|d| d.starts_with("attachment; "))
        );
        assert!(
            file.header("Content-Security-Policy")
                .is_some_and(|p| p.contains("sandbox"))
        );
        assert_eq!(file.header("X-Content-Type-Options"), Some("nosniff"));
    }
    let other = desk.file("Autre");
    let stolen = links[0].replace(&ticket.reference, &other.reference);
    theo.get(&stolen).expect(404);
    desk.browser(&desk.claire).get(&links[0]).expect(404);
}
