use serde_json::json;

use super::*;
use crate::platform::clock::Clock;
use crate::platform::db::{Actor, Database, DatabaseUrl};
use crate::platform::events::History;
use crate::platform::i18n::Lang;
use crate::platform::mail::{Letter, enqueue};

struct Outbox {
    db: Database,
    clock: Clock,
    _folder: tempfile::TempDir,
}

impl Outbox {
    fn with_one_mail() -> (Self, MailId) {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("test.db"));
        let clock = Clock::manual(Timestamp::from_micros(1_795_100_400_000_000));
        let outbox = Self {
            db: Database::open(&url, clock.clone(), History::default()).unwrap(),
            clock,
            _folder: folder,
        };
        let id = outbox.write(|tx| {
            let letter = Letter {
                kind: "outbox/test",
                to_address: "ana@tilleuls.example".to_owned(),
                to_name: "Ana".to_owned(),
                lang: Lang::En,
                data: json!({ "name": "Ana" }),
                thread: None,
                secret: false,
            };
            enqueue(tx, letter)
        });
        (outbox, id)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.db
            .write_blocking(Actor::System, move |tx| {
                work(tx).map_err(StorageError::from)
            })
            .unwrap()
    }

    fn claim(&self) -> Vec<Mail> {
        self.write(|tx| claim_mails(tx, Wanted::Due, 20))
    }

    fn find(&self, id: MailId) -> Mail {
        self.db
            .read_blocking(|conn| find_mail(conn, id).map_err(StorageError::from))
            .unwrap()
    }
}

#[test]
fn a_mail_is_in_one_hand_until_its_lease_ends() {
    let (outbox, id) = Outbox::with_one_mail();
    let first = outbox.claim();
    assert_eq!(first.iter().map(|mail| mail.id).collect::<Vec<_>>(), [id]);
    assert!(outbox.claim().is_empty());
    // The worker is gone: crashed between sending and saying so.
    outbox.clock.advance(LEASE);
    assert!(outbox.claim().is_empty());
    outbox.clock.advance(Duration::seconds(1));
    let second = outbox.claim();
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].message_id, first[0].message_id);
}

#[test]
fn what_a_worker_says_after_its_lease_is_ignored_unless_the_mail_left() {
    let (outbox, id) = Outbox::with_one_mail();
    let late = outbox.claim().remove(0);
    outbox.clock.advance(LEASE + Duration::seconds(1));
    let current = outbox.claim().remove(0);

    let stale = late.clone();
    outbox.write(move |tx| {
        mark_failed(tx, &stale, "refused")?;
        postpone(tx, &stale, "later", Duration::minutes(1))?;
        mark_exported(tx, &stale)?;
        release(tx, std::slice::from_ref(&stale))
    });
    assert_eq!(outbox.find(id), current);

    outbox.write(move |tx| mark_sent(tx, &late));
    assert_eq!(outbox.find(id).status, MailStatus::Sent);
    assert!(outbox.claim().is_empty());
}

#[test]
fn a_mail_of_a_transaction_that_is_undone_was_never_ordered() {
    let (outbox, _) = Outbox::with_one_mail();
    let undone: Result<(), StorageError> = outbox.db.write_blocking(Actor::System, |tx| {
        let mail = find_mail(tx.conn, MailId(1))?;
        let letter = Letter {
            kind: "outbox/test",
            to_address: mail.to_address,
            to_name: mail.to_name,
            lang: mail.language,
            data: json!({}),
            thread: None,
            secret: false,
        };
        enqueue(tx, letter)?;
        Err(StorageError::Other("the command failed".to_owned()))
    });
    assert!(undone.is_err());
    assert_eq!(outbox.claim().len(), 1);
}

#[test]
fn the_folder_takes_each_mail_once() {
    let (outbox, _) = Outbox::with_one_mail();
    let claim = |wanted| outbox.write(move |tx| claim_mails(tx, wanted, 20));
    let mail = claim(Wanted::NotExported).remove(0);
    outbox.write(move |tx| mark_exported(tx, &mail));
    assert!(claim(Wanted::NotExported).is_empty());
    assert_eq!(claim(Wanted::Due).len(), 1);
}

#[test]
fn a_clock_that_ran_ahead_holds_up_no_mail() {
    let (outbox, id) = Outbox::with_one_mail();
    let right = outbox.clock.now();
    outbox.clock.advance(Duration::days(365));
    let mail = outbox.claim().remove(0);
    outbox.clock.set(right);
    assert_eq!(outbox.claim().len(), 1, "its lease would last a year");

    outbox.clock.advance(Duration::days(365));
    outbox.write(move |tx| {
        let mail = find_mail(tx.conn, mail.id)?;
        postpone(tx, &mail, "later", Duration::minutes(1))
    });
    outbox.clock.set(right);
    let claimed: Vec<_> = outbox.claim().iter().map(|mail| mail.id).collect();
    assert_eq!(claimed, [id], "it would be tried again in a year");
}
