//! Kinds of request, as managers set them.

use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::forms::{find_request_type, list_request_types};
use guichet::schema::people;

use crate::desk::Desk;
use crate::support::Browser;

const LIST: &str = "/manage/request-types";

/// Amina becomes a manager.
fn manager(desk: &Desk) -> Browser<'_> {
    let id = desk.amina.id;
    desk.app.write(move |tx| {
        diesel::update(people::table.find(id))
            .set(people::role.eq(Role::Manager))
            .execute(tx.conn)
            .map_err(guichet::platform::db::StorageError::from)
    });
    desk.browser(&desk.amina)
}

#[test]
fn a_kind_is_made_changed_archived_and_brought_back() {
    let desk = Desk::new();
    let amina = manager(&desk);
    amina
        .get(LIST)
        .expect(200)
        .click("Nouveau type")
        .form(LIST)
        .fill("name_fr", "Déménagement")
        .fill("name_en", "Moving premises")
        .fill("slug", "move")
        .fill("priority", "low")
        .submit()
        .expect(200)
        .at(LIST)
        .has("Déménagement");
    let find = || {
        desk.app
            .read(|conn| find_request_type(conn, "move"))
            .expect("it is stored")
    };
    let path = format!("{LIST}/{}", find().id);
    amina
        .get(&path)
        .form(&path)
        .fill("name_en", "Moving")
        .submit()
        .expect(200)
        .has("Moving");
    assert_eq!(find().name_en, "Moving");
    let offered = || {
        let kinds = desk.app.read(list_request_types);
        kinds.iter().any(|kind| kind.key == "move")
    };
    let archive = format!("{path}/archive");
    assert!(offered());
    amina.get(&path).form(&archive).submit().expect(200);
    assert!(!offered());
    amina.get(&path).form(&archive).submit().expect(200);
    assert!(offered());
}

#[test]
fn two_managers_do_not_overwrite_one_another() {
    let desk = Desk::new();
    let amina = manager(&desk);
    let kind = desk
        .app
        .read(|conn| find_request_type(conn, "question"))
        .expect("it comes with the program");
    let path = format!("{LIST}/{}", kind.id);
    let late = amina.get(&path).form(&path).fill("name_en", "An enquiry");
    amina
        .get(&path)
        .form(&path)
        .fill("name_fr", "Une demande")
        .submit()
        .expect(200);
    let refused = late.submit_once().expect(409).has("Amina Belkacem");
    let again = refused.form(&path);
    assert_eq!(again.value("name_en"), Some("An enquiry"));
    again.submit().expect(200).at(LIST).has("An enquiry");
}

#[test]
fn what_cannot_be_is_refused_and_only_managers_come_here() {
    let desk = Desk::new();
    let amina = manager(&desk);
    let form = || {
        amina
            .get(&format!("{LIST}/new"))
            .form(LIST)
            .fill("name_fr", "Panne")
            .fill("name_en", "Outage")
            .fill("slug", "outage")
    };
    for (name, value) in [
        ("slug", "Une Panne"),
        ("slug", "question"),
        ("icon", "skull"),
        ("priority", "melted"),
        ("team", "x"),
        ("name_fr", " "),
    ] {
        form().forge(name, value).submit_once().expect(422);
    }
    let theo = desk.browser(&desk.theo);
    theo.get(LIST).expect(404);
    theo.get("/desk/views/open")
        .expect(200)
        .lacks("Types de demande");
}
