//! One request, from being filed to being confirmed.

use chrono::Duration;
use guichet::tickets::Status;
use guichet::tickets::commands::StatusAfter;

use super::portal::{Portal, file_as, reference_of};
use crate::support::{File, Page};

/// The state of each step.
fn steps(page: &Page<'_>) -> Vec<String> {
    page.attributes(".stepper-step", "class")
        .iter()
        .map(|class| {
            let state = ["done", "now", "todo", "skipped"]
                .into_iter()
                .find(|state| class.contains(&format!("stepper-{state}")));
            state.expect("a state").to_owned()
        })
        .collect()
}

#[test]
fn a_customer_files_with_files_and_is_shown_the_request() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let page = claire
        .get("/requests/new")
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "  La ligne\tcoupe  ")
        .fill("body", "Depuis **lundi**.\n\nVoir le journal.")
        .attach("files", File::new("journal.txt", "text/plain", "a b c"))
        .attach(
            "files",
            File::new(
                "photo.png",
                "image/png",
                b"\x89PNG\r\n\x1a\n0000".as_slice(),
            ),
        )
        .submit()
        .at("/requests/GU-1001")
        .expect(200);
    let page = page
        .has("Your request has been filed")
        .has("La ligne coupe")
        .has("journal.txt");
    assert_eq!(
        page.all(".message strong, .thread strong").len(),
        1,
        "{}",
        page.html()
    );
    assert_eq!(page.attributes("a[href*='/files/']", "href").len(), 2);
    let mail = portal.app.last_mail_to(&portal.claire.email);
    assert_eq!(mail.kind, "notifications/acknowledgement");
    // The message that says so is shown once.
    claire
        .get("/requests/GU-1001")
        .lacks("Your request has been filed");
}

#[test]
fn the_steps_follow_the_status() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    let claire = portal.browser(&portal.claire);
    let shown = || steps(&claire.get("/requests/GU-1001").expect(200));
    assert_eq!(shown(), ["now", "todo", "todo", "todo", "todo"]);
    portal.set(&ticket, Status::Open);
    assert_eq!(shown(), ["done", "now", "todo", "todo", "todo"]);
    portal.set(&ticket, Status::OnHold);
    assert_eq!(shown(), ["done", "now", "todo", "todo", "todo"]);
    portal.set(&ticket, Status::Resolved);
    assert_eq!(shown(), ["done", "done", "skipped", "now", "todo"]);
    portal.set(&ticket, Status::Pending);
    assert_eq!(shown(), ["done", "done", "now", "todo", "todo"]);
    portal.set(&ticket, Status::Resolved);
    assert_eq!(shown(), ["done", "done", "done", "now", "todo"]);
    portal.set(&ticket, Status::Closed);
    assert_eq!(shown(), ["done", "done", "done", "done", "now"]);
}

#[test]
fn notes_and_inner_moves_are_never_shown() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    portal.note(&ticket, "Mot secret : coquelicot.");
    portal.answer(&ticket, "Nous regardons.", StatusAfter::Keep);
    let claire = portal.browser(&portal.claire);
    let page = claire.get("/requests/GU-1001").expect(200);
    let page = page.has("Nous regardons.").has("Théo Marchand");
    assert!(!page.html().contains("coquelicot"));
    // "New" to "in progress" is told by the answer itself.
    assert!(page.all(".event").is_empty() || !page.shows("new"));
}

#[test]
fn a_reply_with_a_file_joins_the_thread_and_brings_a_waiting_request_back() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    portal.set(&ticket, Status::Pending);
    let claire = portal.browser(&portal.claire);
    let page = claire.get("/requests/GU-1001").expect(200);
    let page = page
        .has("The request waits for your reply")
        .has("Théo is waiting for your reply");
    let page = page
        .form("/requests/GU-1001/messages")
        .fill("body", "Voici la photo.")
        .attach("files", File::new("photo.txt", "text/plain", "voilà"))
        .submit()
        .at("/requests/GU-1001")
        .expect(200);
    page.has("Your reply has been sent")
        .has("Voici la photo.")
        .has("photo.txt");
    assert_eq!(portal.stored("GU-1001").status, Status::Open);
}

#[test]
fn a_resolved_request_is_confirmed_and_a_closed_one_comes_back() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    portal.set(&ticket, Status::Resolved);
    let claire = portal.browser(&portal.claire);
    let page = claire
        .get("/requests/GU-1001")
        .has("Is everything working at your end?");
    let page = page
        .form("/requests/GU-1001/confirmation")
        .submit()
        .expect(200);
    page.has("The request is confirmed")
        .has("You confirmed that it is sorted");
    assert_eq!(portal.stored("GU-1001").status, Status::Closed);

    let page = claire.get("/requests/GU-1001").expect(200);
    assert!(!page.has_form("/requests/GU-1001/confirmation"));
    page.form("/requests/GU-1001/messages")
        .fill("body", "Cela recommence.")
        .submit()
        .expect(200);
    let stored = portal.stored("GU-1001");
    assert_eq!((stored.status, stored.reopened_count), (Status::Open, 1));
    assert!(stored.open && stored.closed_at.is_none() && stored.resolved_at.is_none());
}

#[test]
fn a_resolved_request_is_reopened() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
    portal.set(&ticket, Status::Resolved);
    let claire = portal.browser(&portal.claire);
    let page = claire.get("/requests/GU-1001");
    page.form("/requests/GU-1001/reopening")
        .submit()
        .expect(200)
        .has("You reopened the request");
    assert_eq!(portal.stored("GU-1001").status, Status::Open);
    // The page that was open before says what is true now.
    page.form("/requests/GU-1001/confirmation")
        .submit()
        .expect(200)
        .has("nothing to confirm yet")
        .lacks("The request is confirmed");
    assert_eq!(portal.stored("GU-1001").status, Status::Open);
}

#[test]
fn silence_confirms_after_the_promised_days() {
    let portal = Portal::new();
    let (early, late) = (
        portal.file(&portal.claire, "Tôt", "Texte."),
        portal.file(&portal.claire, "Tard", "Texte."),
    );
    portal.set(&early, Status::Resolved);
    portal.app.advance(Duration::days(1));
    portal.set(&late, Status::Resolved);
    let claire = portal.browser(&portal.claire);
    claire
        .get("/requests/GU-1001")
        .has("If we have not heard from you by");
    let days = portal.app.site.company.get().confirm_after_days;
    portal
        .app
        .advance(Duration::days(days - 1) - Duration::minutes(2));
    portal.run("confirm resolved tickets");
    assert_eq!(portal.stored("GU-1001").status, Status::Resolved);
    portal.app.advance(Duration::minutes(2));
    portal.run("confirm resolved tickets");
    portal.run("confirm resolved tickets");
    assert_eq!(portal.stored("GU-1001").status, Status::Closed);
    assert_eq!(portal.stored("GU-1002").status, Status::Resolved);
    let claire = portal.browser(&portal.claire);
    claire
        .get("/requests/GU-1001")
        .has("Confirmed, as nobody said otherwise");
}

#[test]
fn the_customer_is_mailed_what_others_did_and_not_what_they_did() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let reference = reference_of(&file_as(&portal, &claire, "Sujet", "Texte."));
    let ticket = portal.stored(&reference);
    let kinds = || -> Vec<String> {
        let mails = portal.app.mails();
        mails
            .iter()
            .map(|mail| mail.kind.replace("notifications/", ""))
            .collect()
    };
    assert_eq!(kinds(), ["acknowledgement"]);
    portal.note(&ticket, "Entre nous.");
    assert_eq!(kinds().len(), 1);
    portal.answer(&ticket, "Une réponse.", StatusAfter::Keep);
    portal.set(&ticket, Status::Resolved);
    assert_eq!(kinds(), ["acknowledgement", "answer", "resolved"]);
    let page = claire.get(&format!("/requests/{reference}"));
    page.form(&format!("/requests/{reference}/confirmation"))
        .submit()
        .expect(200);
    assert_eq!(kinds().len(), 3);
    assert!(
        portal
            .app
            .mails()
            .iter()
            .all(|mail| mail.to_address == portal.claire.email)
    );
    assert!(
        portal
            .app
            .mails()
            .iter()
            .all(|mail| !mail.data.contains("Entre nous"))
    );
}

#[test]
fn an_agent_is_not_mailed_their_own_answer() {
    let portal = Portal::new();
    let ticket = portal.file(&portal.theo, "Mon badge", "Il ne bipe plus.");
    portal.set(&ticket, Status::Resolved);
    assert_eq!(portal.app.mails().len(), 1, "the acknowledgement alone");
}
