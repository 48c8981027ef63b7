//! The database itself keeps what was recorded, whatever the program asks of it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::organisations::create_organisation;
use guichet::platform::db::Conn;
use guichet::privacy::erasing;
use guichet::privacy::erasure::erase;
use guichet::schema::events;

use crate::requests::portal::Portal;

/// What nobody may do to an event, on either engine.
const FORBIDDEN: [&str; 22] = [
    "DELETE FROM events",
    "DELETE FROM events WHERE id = (SELECT max(id) FROM events)",
    "UPDATE events SET id = id + 1000000",
    "UPDATE events SET stream = 'other'",
    "UPDATE events SET stream_id = 1000000 + id",
    "UPDATE events SET seq = seq + 1000000",
    "UPDATE events SET at = '2000-01-01 00:00:00'",
    "UPDATE events SET kind = 'other', data = '{}'",
    "UPDATE events SET actor_kind = 'system', actor_id = NULL",
    "UPDATE events SET audit = NULL",
    "UPDATE events SET data = '{\"role\": \"manager\"}' WHERE audit IS NOT NULL",
    "UPDATE events SET data = replace(data, 'agent', 'manager') WHERE audit IS NOT NULL",
    "UPDATE events SET data = '\"other\"' WHERE audit IS NOT NULL",
    "UPDATE events SET data = '{\"a\": [{\"b\": 1}]}' WHERE audit IS NOT NULL",
    "UPDATE events SET data = '{\"ok\": true}' WHERE audit IS NOT NULL",
    "UPDATE events SET facts = '{\"by\": \"nobody\"}' WHERE audit IS NOT NULL",
    // Around an ellipsis, and in the names of what is blank.
    "UPDATE events SET data = replace(data, '\"agent\"', '\"manager…\"') WHERE audit IS NOT NULL",
    "UPDATE events SET data = replace(data, '\"agent\"', '\"…\"') WHERE audit IS NOT NULL",
    "UPDATE events SET data = '{\"by\": \"Nadia, out of spite…\"}' WHERE audit IS NOT NULL",
    "UPDATE events SET data = '{\"a manager, by Nadia\": null}' WHERE audit IS NOT NULL",
    "UPDATE events SET facts = '{\"a manager, by Nadia\": \"\"}' WHERE audit IS NOT NULL",
    // Twice, of which readers take the last.
    "UPDATE events SET data = replace(data, '{\"role\":', '{\"role\":\"manager\",\"role\":') \
     WHERE audit IS NOT NULL",
];

fn count(conn: &mut Conn) -> i64 {
    events::table.count().get_result(conn).expect("a count")
}

#[test]
fn an_event_can_be_neither_deleted_nor_changed() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let mut conn = portal.app.connect();
    let before = count(&mut conn);
    assert!(before > 0);
    let own: &[&str] = match conn {
        Conn::Sqlite(_) => &["REPLACE INTO events SELECT * FROM events"],
        Conn::Postgres(_) => &["TRUNCATE events", "TRUNCATE events CASCADE"],
    };
    for statement in FORBIDDEN.iter().chain(own) {
        let outcome = conn.batch_execute(statement);
        let refusal = outcome.expect_err(statement).to_string();
        assert!(
            refusal.contains("events cannot be"),
            "{statement}: {refusal}"
        );
    }
    assert_eq!(count(&mut conn), before);
}

#[test]
fn what_an_event_says_of_people_can_be_blanked() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let mut conn = portal.app.connect();
    let blanked = diesel::update(events::table.filter(events::stream.eq("person")))
        .set((events::data.eq("{}"), events::facts.eq("null")))
        .execute(&mut conn)
        .expect("it is allowed");
    assert!(blanked > 0);
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get("/manage/audit").expect(200);
    page.has("Added with a password, as —");
}

#[test]
fn one_word_can_be_blanked_and_is_so_for_good() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let mut conn = portal.app.connect();
    let blank =
        "UPDATE events SET data = replace(data, '\"agent\"', '\"\"') WHERE audit IS NOT NULL";
    conn.batch_execute(blank).expect("it is allowed");
    let restore =
        "UPDATE events SET data = replace(data, '\"\"', '\"agent\"') WHERE audit IS NOT NULL";
    let refusal = conn.batch_execute(restore).expect_err("it is refused");
    assert!(refusal.to_string().contains("events cannot be"));
}

/// What names somebody among other words goes with them: the tables take no half of it.
#[test]
fn who_is_forgotten_takes_the_words_around_their_address_along() {
    let portal = Portal::new();
    let name = format!("Friends of {}", portal.claire.email);
    portal
        .app
        .write(move |tx| create_organisation(tx, &name).map(drop));
    let company = portal.app.site.company.get();
    let (how, id) = (erasing(&portal.app.site, &company, false), portal.claire.id);
    portal.app.write(move |tx| erase(tx, id, &how));
    let said: Vec<String> = portal.app.read(|conn| {
        events::table
            .filter(events::stream.eq("organisation"))
            .filter(events::kind.eq("created"))
            .order(events::id.desc())
            .limit(1)
            .select(events::data)
            .load(conn)
    });
    assert_eq!(said, [r#"{"name":""}"#]);
}

/// What is about to be recorded twice under one number is refused as ever: forms count on it.
#[test]
fn a_number_of_a_stream_is_taken_once() {
    let portal = Portal::new();
    let mut conn = portal.app.connect();
    let statement = "INSERT INTO events (stream, stream_id, seq, at, kind, data, facts, actor_kind, \
         cause) SELECT stream, stream_id, seq, at, kind, data, facts, actor_kind, cause FROM events";
    let refused = diesel::sql_query(statement).execute(&mut conn);
    assert!(matches!(
        refused,
        Err(diesel::result::Error::DatabaseError(
            diesel::result::DatabaseErrorKind::UniqueViolation,
            _
        ))
    ));
}
