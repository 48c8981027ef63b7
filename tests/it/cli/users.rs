//! Commands about people.

use diesel::prelude::*;
use guichet::platform::db::Timestamp;
use guichet::schema::{people, second_factors};

use super::program::Place;

const NADIA: &str = "nadia@support.example";

/// Gives somebody a second factor whose key nothing can open, as with one that was lost.
pub(super) fn give_factor(place: &Place, email: &str) {
    let mut conn = place.database.connect();
    let id: i64 = people::table
        .filter(people::email.eq(email))
        .select(people::id)
        .first(&mut conn)
        .expect("they were added");
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::person_id.eq(id),
            second_factors::sealed_key.eq("1.lost"),
            second_factors::last_step.eq(0_i64),
            second_factors::added_at.eq(Timestamp::from_micros(0)),
        ))
        .execute(&mut conn)
        .expect("a factor");
}

#[test]
fn a_lost_second_factor_is_taken_away_even_from_the_last_manager() {
    let place = Place::new();
    let add = ["user", "add", "--name", "Nadia", "--role", "manager"];
    let added = place.run(&[&add[..], &["--email", NADIA]].concat());
    assert_eq!(added.code, Some(0), "{added:?}");
    let reset = || place.run(&["user", "reset-factor", NADIA]);
    let none = reset();
    assert_eq!(none.code, Some(1), "{none:?}");
    assert!(none.err.contains("has no second factor"));
    let unknown = place.run(&["user", "reset-factor", "nobody@oak.example"]);
    assert_eq!(unknown.code, Some(3), "{unknown:?}");

    give_factor(&place, NADIA);
    let done = reset();
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("the password is enough"));
    let left: i64 = second_factors::table
        .count()
        .get_result(&mut place.database.connect())
        .expect("a count");
    assert_eq!(left, 0);
}
