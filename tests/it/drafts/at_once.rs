//! One draft, written by two who do not know of one another.

use std::sync::Barrier;

use diesel::prelude::*;
use guichet::drafts::{Fields, Owner, Place, Save, Saved, Submission, adopt, save, take};
use guichet::platform::db::{Actor, Database, StorageError};
use guichet::schema::drafts;

use crate::requests::portal::Portal;

const PLACE: Place = Place {
    form: "request",
    subject: 0,
};

/// What a window wants kept that knows this revision.
fn typed(window: &str, body: &str, revision: i64) -> Save {
    Save {
        fields: Fields::from([("body".to_owned(), body.to_owned())]),
        form_key: window.to_owned(),
        revision,
        ..Save::default()
    }
}

fn save_as(db: &Database, owner: &Owner, wanted: &Save) -> Saved {
    let (owner, wanted) = (owner.clone(), wanted.clone());
    let saved = db.write_blocking(Actor::System, move |tx| {
        save(tx, &owner, PLACE, &wanted).map_err(StorageError::from)
    });
    saved.expect("it is answered")
}

/// Does both at the same moment.
fn at_once<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let one = scope.spawn(|| {
            start.wait();
            one()
        });
        start.wait();
        let other = other();
        (one.join().expect("no panic"), other)
    })
}

/// Every text that is kept, in order.
fn texts(portal: &Portal) -> Vec<String> {
    let mut texts: Vec<String> = portal
        .app
        .read(|conn| drafts::table.select(drafts::fields).load(conn));
    texts.sort();
    texts
}

fn forget_all(portal: &Portal) {
    portal.app.write(|tx| {
        let all = diesel::delete(drafts::table).execute(tx.conn);
        all.map(drop).map_err(StorageError::from)
    });
}

fn body(text: &str) -> String {
    format!("{{\"body\":\"{text}\"}}")
}

/// The text that was kept, and that the other window was told of.
#[track_caller]
fn won(outcomes: (Saved, Saved)) -> (i64, String) {
    match outcomes {
        (Saved::Kept(kept), Saved::Conflict(told)) | (Saved::Conflict(told), Saved::Kept(kept)) => {
            assert_eq!(kept.fields, told.fields);
            (kept.revision, kept.fields["body"].clone())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_two_windows_that_save_at_once_the_later_is_told_of_the_other() {
    let portal = Portal::new();
    let db = &portal.app.site.db;
    for owner in [
        Owner::from(portal.claire.id),
        Owner::Guest("a browser".to_owned()),
    ] {
        for round in 0..12 {
            let [one, other] = ["one", "other"].map(|window| format!("{window} {round}"));
            let both = |revision| {
                let (left, right) = (
                    typed("one", &one, revision),
                    typed("other", &other, revision),
                );
                won(at_once(
                    || save_as(db, &owner, &left),
                    || save_as(db, &owner, &right),
                ))
            };
            // The first text there is, and one after it.
            let (revision, first) = both(0);
            assert_eq!(texts(&portal), [body(&first)]);
            let again = typed("third", "in between", revision);
            let Saved::Kept(between) = save_as(db, &owner, &again) else {
                panic!("it knew the revision");
            };
            let (_, second) = both(between.revision);
            assert_eq!(texts(&portal), [body(&second)]);
            forget_all(&portal);
        }
    }
}

#[test]
fn what_is_written_while_a_form_is_sent_is_sent_or_stays() {
    let portal = Portal::new();
    let db = &portal.app.site.db;
    let owner = Owner::from(portal.claire.id);
    for round in 0..12 {
        let Saved::Kept(draft) = save_as(db, &owner, &typed("one", "sent", 0)) else {
            panic!("there was nothing");
        };
        let newer = typed("other", &format!("newer {round}"), draft.revision);
        let sent = Submission {
            revision: draft.revision,
            ..Submission::default()
        };
        let sending = || {
            let (owner, sent) = (owner.clone(), sent.clone());
            let taken = db.write_blocking(Actor::System, move |tx| {
                take(tx, &owner, PLACE, &sent).map_err(StorageError::from)
            });
            taken.expect("it is sent")
        };
        let (_, saved) = at_once(sending, || save_as(db, &owner, &newer));
        match saved {
            // The form was sent before that.
            Saved::Gone => assert_eq!(texts(&portal), [""; 0]),
            Saved::Kept(_) => assert_eq!(texts(&portal), [body(&newer.fields["body"])]),
            other => panic!("{other:?}"),
        }
        forget_all(&portal);
    }
}

#[test]
fn whoever_signs_in_while_they_write_elsewhere_loses_neither_text() {
    let portal = Portal::new();
    let db = &portal.app.site.db;
    let (me, id) = (Owner::from(portal.claire.id), portal.claire.id.0);
    for round in 0..12 {
        let browser = format!("browser {round}");
        let guest = Owner::Guest(browser.clone());
        save_as(db, &guest, &typed("guest", "before", 0));
        let signing_in = || {
            let browser = browser.clone();
            db.write_blocking(Actor::System, move |tx| {
                adopt(tx, id, &browser).map_err(StorageError::from)
            })
        };
        let own = typed("own", "elsewhere", 0);
        let (adopted, saved) = at_once(signing_in, || save_as(db, &me, &own));
        adopted.expect("nobody is kept from signing in");
        match saved {
            // It came first: what was written before stays in the browser, whose tab asks.
            Saved::Kept(_) => assert_eq!(texts(&portal), [body("before"), body("elsewhere")]),
            // The window has its text yet, and is told of the other one.
            Saved::Conflict(told) => {
                assert_eq!(told.fields["body"], "before");
                assert_eq!(texts(&portal), [body("before")]);
            }
            other => panic!("{other:?}"),
        }
        forget_all(&portal);
    }
}
