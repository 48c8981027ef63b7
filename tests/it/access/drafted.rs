//! Drafts are read by their owner alone: whoever else opens whatever there is, finds no word of them.

use guichet::accounts::{Person, Role};
use guichet::drafts::{Owner, Place, Save, Saved, save};
use guichet::organisations::{OrganisationId, set_membership};
use guichet::platform::blobs::Blobs;
use guichet::platform::db::StorageError;
use guichet::platform::text::FileName;

use super::canaries::copy;
use super::quiet::{crawl, dump};
use super::stage::{ROLES, Stage};
use crate::requests::portal::Portal;

/// What was typed and not sent, and what a file is called: of a customer's request and reply, of a
/// guest, of an agent's message and request.
const DRAFTED: [&str; 6] = [
    "Quenouille",
    "Reseda",
    "Sarriette",
    "Tulipe",
    "Viorne",
    "Zinnia",
];

/// A customer and a manager who left drafts, and the customer's request.
struct Drafted {
    customer: Person,
    manager: Person,
    reference: String,
}

fn leave(portal: &Portal, owner: Owner, place: Place, text: &'static str, file: Option<&str>) {
    let blobs = Blobs::new(&portal.app.site.settings.data_dir);
    let files = file.map(|name| {
        let content = blobs.keep_bytes(name.as_bytes());
        (FileName::new(name), content.expect("the disk takes it"))
    });
    let wanted = Save {
        fields: [("subject", text), ("body", text)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        files: files.into_iter().collect(),
        ..Save::default()
    };
    let saved = portal
        .app
        .write(move |tx| save(tx, &owner, place, &wanted).map_err(StorageError::from));
    assert!(matches!(saved, Saved::Kept(_)), "{saved:?}");
}

/// Drafts of Claire's colleague, of somebody who is not signed in, and of somebody who works on
/// Claire's request.
fn hide(stage: &Stage) -> Drafted {
    let portal = &stage.portal;
    let customer = portal.add("serge@tilleuls.example", "Serge Auber", Role::Customer);
    let manager = portal.add("bruno@guichet.example", "Bruno Salvi", Role::Manager);
    let organisation = stage.path("{organisation}").parse().expect("a number");
    let id = customer.id;
    portal
        .app
        .write(move |tx| set_membership(tx, id, Some(OrganisationId(organisation))).map(drop));
    let theirs = portal.file(&customer, "Le fax", "Plus rien ne part.");
    let place = |form, subject| Place { form, subject };
    let owner = || Owner::from(customer.id);
    leave(portal, owner(), place("request", 0), DRAFTED[0], None);
    let reply = place("reply", theirs.id.0);
    leave(portal, owner(), reply, DRAFTED[1], Some("Sarriette.txt"));
    let guest = Owner::Guest("a browser".to_owned());
    leave(portal, guest, place("request", 0), DRAFTED[3], None);
    let message = place("message", stage.ticket.id.0);
    leave(portal, manager.id.into(), message, DRAFTED[4], None);
    let new = place("desk-request", 0);
    leave(portal, manager.id.into(), new, DRAFTED[5], None);
    Drafted {
        customer,
        manager,
        reference: theirs.reference,
    }
}

#[test]
fn no_page_tells_anybody_what_somebody_else_has_not_sent() {
    let stage = Stage::new();
    let drafted = hide(&stage);
    let kept = dump(&stage.portal.app);
    let kept = format!("{}{}", kept["drafts"], kept["draft_files"]);
    for word in DRAFTED {
        assert!(kept.contains(word), "{word} was not planted");
    }
    for role in ROLES {
        let browser = stage.browser(role);
        let mut pages = crawl(&stage, &browser);
        let places = [
            "/drafts/request".to_owned(),
            "/drafts/desk-request".to_owned(),
            format!("/drafts/reply-{}", drafted.reference),
            format!("/drafts/message-{}", stage.ticket.reference),
            format!("/requests/{}", drafted.reference),
            format!("/desk/tickets/{}", drafted.reference),
        ];
        pages.extend(places.iter().map(|place| browser.get_once(place)));
        for page in &pages {
            let html = page.html();
            let told = DRAFTED.iter().find(|word| html.contains(**word));
            assert_eq!(told, None, "{} as {role}", page.path);
        }
    }
}

#[test]
fn their_owners_do_read_them() {
    let stage = Stage::new();
    let drafted = hide(&stage);
    let portal = &stage.portal;
    let (customer, manager) = (
        portal.browser(&drafted.customer),
        portal.browser(&drafted.manager),
    );
    let reply = format!("/requests/{}", drafted.reference);
    let message = format!("/desk/tickets/{}", stage.ticket.reference);
    for (browser, page, words) in [
        (&customer, "/requests/new", &DRAFTED[..1]),
        (&customer, reply.as_str(), &DRAFTED[1..3]),
        (&manager, message.as_str(), &DRAFTED[4..5]),
        (&manager, "/desk/new", &DRAFTED[5..]),
    ] {
        let html = browser.get(page).expect(200).html();
        for word in words {
            assert!(html.contains(word), "{word} on {page}");
        }
    }
}

#[test]
fn no_copy_of_ones_data_has_drafts_of_others() {
    let stage = Stage::new();
    let drafted = hide(&stage);
    let portal = &stage.portal;
    for who in [&portal.claire, &stage.colette, &portal.paul] {
        let copied = copy(portal, who);
        let told = DRAFTED.iter().find(|word| copied.contains(**word));
        assert_eq!(told, None, "for {}", who.email);
    }
    let own = copy(portal, &drafted.customer);
    assert!(own.contains(DRAFTED[0]) && own.contains(DRAFTED[1]));
    for others in &DRAFTED[3..] {
        assert!(!own.contains(others), "{others}");
    }
}
