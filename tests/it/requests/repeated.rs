//! A form sent more than once.

use rocket::futures::future::join_all;
use rocket::http::{ContentType, Header};
use rocket::local::asynchronous::Client;
use rocket::tokio::runtime::Builder;

use super::footprint::Footprint;
use super::portal::Portal;
use crate::support::{Browser, File, FilledForm};

/// The form of a new request, filled in.
fn filled<'b>(portal: &Portal, browser: &'b Browser<'b>) -> FilledForm<'b> {
    browser
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.")
}

#[test]
fn a_form_sent_twice_files_one_request() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let form = filled(&portal, &claire).attach("files", File::new("a.txt", "text/plain", "x"));
    form.clone().submit().at("/requests/GU-1001");
    let once = Footprint::of(&portal);
    form.submit().at("/requests/GU-1001");
    assert_eq!(Footprint::of(&portal), once);

    let reply = claire
        .get("/requests/GU-1001")
        .form("/requests/GU-1001/messages")
        .fill("body", "Encore.");
    reply.clone().submit().expect(200);
    let once = Footprint::of(&portal);
    reply.submit().expect(200);
    assert_eq!(Footprint::of(&portal), once);
}

/// The answer was lost, and its sender wrote on in the same page.
#[test]
fn another_text_from_the_same_page_is_sent_too() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let form = filled(&portal, &claire);
    form.clone().submit().at("/requests/GU-1001");
    form.fill("body", "Texte amendé.")
        .submit()
        .at("/requests/GU-1002");

    let reply = claire
        .get("/requests/GU-1001")
        .form("/requests/GU-1001/messages");
    reply.clone().fill("body", "Encore.").submit().expect(200);
    let amended = reply.fill("body", "Encore, et autre chose.");
    drop(amended.submit().expect(200).has("Encore, et autre chose."));

    let nadia = portal.browser(&portal.nadia);
    let reply = nadia
        .get("/desk/tickets/GU-1001")
        .form("/desk/tickets/GU-1001/messages");
    reply.clone().fill("body", "Un.").submit().expect(200);
    // Their own first answer is no reason to look again.
    drop(
        reply
            .fill("body", "Un et deux.")
            .submit()
            .expect(200)
            .has("Un et deux."),
    );
}

/// Sends one form twenty times at once and answers where each sender is sent to.
fn twenty_times(
    portal: &Portal,
    session: &str,
    (path, content_type, body): &(String, ContentType, Vec<u8>),
) -> Vec<(u16, String)> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let program = portal.app.program();
        let client = Client::untracked(program).await.expect("it ignites");
        let sent = (0..20).map(|_| async {
            let request = client
                .post(path.clone())
                .header(content_type.clone())
                .header(Header::new("Sec-Fetch-Site", "same-origin"))
                .cookie(("guichet_session", session.to_owned()))
                .body(body);
            let answer = request.dispatch().await;
            let location = answer.headers().get_one("Location");
            (answer.status().code, location.unwrap_or("-").to_owned())
        });
        join_all(sent).await
    })
}

#[test]
fn twenty_at_once_file_one_request_and_write_one_message() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let session = claire.cookie("guichet_session").expect("signed in");
    let here = (303, "/requests/GU-1001".to_owned());

    let form = filled(&portal, &claire).encoded();
    let answers = twenty_times(&portal, &session, &form);
    assert!(answers.iter().all(|answer| *answer == here), "{answers:?}");
    let after = Footprint::of(&portal);
    assert_eq!(
        (after.tickets(), after.messages(), after.mails()),
        (1, 1, 1)
    );

    let page = claire.get("/requests/GU-1001");
    let reply = page
        .form("/requests/GU-1001/messages")
        .fill("body", "Encore.");
    let answers = twenty_times(&portal, &session, &reply.encoded());
    let written = (303, "/requests/GU-1001#message-3".to_owned());
    assert!(
        answers.iter().all(|answer| *answer == written),
        "{answers:?}"
    );
    assert_eq!(Footprint::of(&portal).messages(), 2);
    let page = claire.get("/requests/GU-1001");
    assert_eq!(page.all("#message-3").len(), 1, "the address leads to it");
}

#[test]
fn a_key_is_good_for_its_own_sender_and_form_only() {
    let portal = Portal::new();
    let (claire, paul) = (portal.browser(&portal.claire), portal.browser(&portal.paul));
    for key in ["", "meme-cle", "%00", "'; --", "clé\0"] {
        let before = Footprint::of(&portal).tickets();
        let hers = filled(&portal, &claire)
            .forge("key", key)
            .submit()
            .expect(200);
        let his = filled(&portal, &paul)
            .forge("key", key)
            .submit()
            .expect(200);
        assert_ne!(hers.path, his.path, "{key:?}");
        assert_eq!(Footprint::of(&portal).tickets(), before + 2, "{key:?}");
        // The same key on another form is another submission.
        let messages = Footprint::of(&portal).messages();
        let reply = hers
            .form(&format!("{}/messages", hers.path))
            .fill("body", "Encore.");
        reply.forge("key", key).submit().expect(200).has("Encore.");
        assert_eq!(Footprint::of(&portal).messages(), messages + 1, "{key:?}");
    }
    // Without a key nothing can tell two submissions apart: each counts.
    let before = Footprint::of(&portal).tickets();
    for _ in 0..2 {
        filled(&portal, &claire)
            .forge("key", "")
            .submit()
            .expect(200);
    }
    assert_eq!(Footprint::of(&portal).tickets(), before + 2);
}
