//! Sending and discarding.

use chrono::Duration;

use super::{REQUEST, kept, save, told};
use crate::requests::portal::{Portal, file_as};

#[test]
fn what_is_sent_is_no_draft_any_more() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    save(
        &claire,
        REQUEST,
        &[("subject", "Sujet"), ("body", "Texte.")],
    )
    .expect(200);
    let form = claire
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question());
    let again = form.clone();
    form.submit().expect(200).at("/requests/GU-1001");
    assert_eq!(kept(&portal, &portal.claire, "request", 0), None);
    claire.get("/requests/new").expect(200).lacks("restored");

    // A new one is begun; the double of the first form leaves it alone.
    portal.app.advance(Duration::seconds(1));
    save(&claire, REQUEST, &[("body", "Une autre.")]).expect(200);
    again.submit().expect(200).at("/requests/GU-1001");
    assert!(kept(&portal, &portal.claire, "request", 0).is_some());
}

#[test]
fn a_save_that_comes_after_its_form_was_sent_keeps_nothing() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let (claire, theo) = (portal.browser(&portal.claire), portal.browser(&portal.theo));
    let desk = format!("/desk/tickets/{}", ticket.reference);
    let cases = [
        (
            &claire,
            "/requests/new".to_owned(),
            "/requests".to_owned(),
            "request".to_owned(),
        ),
        (
            &claire,
            "/requests/GU-1001".to_owned(),
            "/requests/GU-1001/messages".to_owned(),
            "reply-GU-1001".to_owned(),
        ),
        (
            &theo,
            desk.clone(),
            format!("{desk}/messages"),
            "message-GU-1001".to_owned(),
        ),
        (
            &theo,
            "/desk/new".to_owned(),
            "/desk/tickets".to_owned(),
            "desk-request".to_owned(),
        ),
    ];
    for (browser, page, action, draft) in cases {
        let mut form = browser
            .get(&page)
            .expect(200)
            .form(&action)
            .fill("body", "Texte.");
        if draft.ends_with("request") {
            form = form
                .fill("subject", "Sujet")
                .fill("request_type", &portal.question());
        }
        if draft == "desk-request" {
            form = form.fill("email", "claire@tilleuls.example");
        }
        let key = form.value("key").expect("a key").to_owned();
        let written = ["subject", "email", "name"];
        let written = written.map(|name| (name, form.value(name).unwrap_or_default().to_owned()));
        let written: Vec<_> = (written
            .iter()
            .filter(|(name, _)| form.value(name).is_some()))
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
        let sent = written.as_slice();
        let path = format!("/drafts/{draft}");
        save(browser, &path, &[("body", "Tex"), ("key", &key)]).expect(200);
        // The window does not know of its last save yet: it is its own all the same.
        form.clone().submit().expect(200);
        browser
            .get(&page)
            .expect(200)
            .lacks("restored")
            .lacks("restauré");
        let late = save(browser, &path, &[("body", "Text"), ("key", &key)]).expect(200);
        assert_eq!(told(&late, "state"), "sent", "{draft}");
        // What the browser kept is what was sent, or something that was written since.
        let copy = |body| {
            let fields = [sent, &[("body", body), ("key", &key), ("copy", "1")]].concat();
            told(&save(browser, &path, &fields).expect(200), "state")
        };
        assert_eq!(copy("Texte."), "sent", "{draft}");
        assert_eq!(copy("Texte, et plus."), "saved", "{draft}");
        save(browser, &format!("{path}/discard"), &[]).expect(303);
        browser
            .get(&page)
            .expect(200)
            .lacks("restored")
            .lacks("restauré");
    }
}

#[test]
fn sending_an_older_text_leaves_the_newer_one() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let old = claire.get("/requests/new").form("/requests");
    save(
        &claire,
        REQUEST,
        &[("body", "Plus récent."), ("key", "elsewhere")],
    )
    .expect(200);
    let sent = old
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Plus ancien.");
    sent.submit().expect(200).at("/requests/GU-1001");
    let draft = kept(&portal, &portal.claire, "request", 0).expect("it was not sent");
    assert_eq!(draft.fields["body"], "Plus récent.");
}

#[test]
fn a_draft_is_discarded_without_scripts() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let theo = portal.browser(&portal.theo);
    let path = format!("/desk/tickets/{}", ticket.reference);
    let draft = format!("/drafts/message-{}", ticket.reference);
    save(&theo, &draft, &[("body", "Une note."), ("kind", "note")]).expect(200);
    let page = theo.get(&path).expect(200).has("Une note.");
    let discard = format!("{draft}/discard");
    assert_eq!(
        page.attributes("[data-draft-discard]", "formaction"),
        [discard.as_str()]
    );
    save(&theo, &discard, &[("body", "Une note.")]).expect(303);
    theo.get(&path)
        .expect(200)
        .lacks("Une note.")
        .has("The draft is gone.");
}

#[test]
fn no_draft_is_kept_or_lost_without_the_forms_token() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    for token in ["", "abc.def"] {
        claire
            .post(REQUEST, &[("csrf", token), ("body", "x")])
            .expect(403);
    }
    assert_eq!(kept(&portal, &portal.claire, "request", 0), None);
    save(&claire, REQUEST, &[("body", "x")]).expect(200);
    claire
        .post(&format!("{REQUEST}/discard"), &[("csrf", "abc.def")])
        .expect(403);
    assert!(kept(&portal, &portal.claire, "request", 0).is_some());
    file_as(&portal, &claire, "Sujet", "Texte.").expect(200);
}
