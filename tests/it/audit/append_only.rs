//! The database itself keeps what was recorded, whatever the program asks of it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::platform::db::Conn;
use guichet::schema::events;

use crate::requests::portal::Portal;

/// What nobody may do to an event, on either engine.
const FORBIDDEN: [&str; 16] = [
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
fn an_ellipsis_may_stand_for_a_name() {
    let portal = Portal::new();
    portal.app.person("lea@guichet.example", Role::Agent);
    let mut conn = portal.app.connect();
    for part in ["data", "facts"] {
        let statement = format!(
            "UPDATE events SET {part} = replace({part}, 'lea@guichet.example', '…') \
             WHERE audit IS NOT NULL"
        );
        conn.batch_execute(&statement).expect("it is allowed");
    }
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
