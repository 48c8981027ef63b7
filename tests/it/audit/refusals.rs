//! What people try that is not theirs.

use diesel::RunQueryDsl;
use guichet::app;

use super::{denials, text};
use crate::requests::portal::Portal;

#[test]
fn a_page_that_is_not_theirs_is_recorded_by_its_route_alone() {
    let portal = Portal::new();
    let (paul, theo) = (portal.browser(&portal.paul), portal.browser(&portal.theo));
    paul.get("/desk/tickets/GU-SECRET?q=secret").expect(404);
    theo.get("/manage/people/4711").expect(404);
    theo.post("/manage/teams", &[("name", "secret")])
        .expect(404);
    // Neither is anybody's: nobody was refused.
    paul.get("/manage/nothing").expect(404);
    portal.app.browser().get_once("/desk").expect(303);
    let told: Vec<_> = denials(&portal)
        .iter()
        .map(|denial| {
            let who = denial.event.actor.person();
            (who, text(denial, "method"), text(denial, "route"))
        })
        .collect();
    let (paul, theo) = (Some(portal.paul.id.0), Some(portal.theo.id.0));
    assert_eq!(
        told,
        [
            (theo, "POST".into(), "/manage/teams".into()),
            (theo, "GET".into(), "/manage/people/<id>".into()),
            (paul, "GET".into(), "/desk/tickets/<reference>".into()),
        ]
    );
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get("/manage/audit?result=refused").expect(200);
    page.has("Page refused: GET /manage/people/<id>")
        .lacks("4711");
}

#[test]
fn a_flood_of_refusals_fills_no_disk() {
    let portal = Portal::new();
    let (paul, claire) = (portal.browser(&portal.paul), portal.browser(&portal.claire));
    for _ in 0..200 {
        paul.get("/desk/views/open").expect(404);
    }
    claire.get("/desk/views/open").expect(404);
    let all = denials(&portal);
    let of_paul = all
        .iter()
        .filter(|denial| denial.event.actor.person() == Some(portal.paul.id.0))
        .count();
    assert!((20..=25).contains(&of_paul), "{of_paul}");
    assert_eq!(all.len() - of_paul, 1, "others are recorded all the same");
}

#[test]
fn what_could_not_be_written_down_waits() {
    let portal = Portal::new();
    let (paul, theo) = (portal.browser(&portal.paul), portal.browser(&portal.theo));
    paul.get("/desk").expect(404);
    let rename = |from: &str, to: &str| {
        diesel::sql_query(format!("ALTER TABLE {from} RENAME TO {to}"))
            .execute(&mut portal.app.connect())
            .expect("our own database");
    };
    rename("events", "lost");
    let schedules = app::schedules();
    let schedule = schedules.iter().find(|s| s.name == "denials");
    assert!((schedule.expect("it is there").run)(&portal.app.site).is_err());
    theo.get("/manage/people").expect(404);
    rename("lost", "events");
    let routes: Vec<String> = denials(&portal).iter().map(|d| text(d, "route")).collect();
    assert_eq!(routes, ["/manage/people", "/desk"]);
    assert_eq!(denials(&portal).len(), 2, "each once");
}

#[test]
fn an_address_that_nobody_has_is_known_again_and_never_shown() {
    let portal = Portal::new();
    let browser = portal.app.browser();
    for _ in 0..2 {
        browser
            .try_sign_in("Amarante@oak.example", "autre chose ici")
            .expect(422);
    }
    browser
        .try_sign_in("other@oak.example", "autre chose ici")
        .expect(422);
    let nadia = portal.browser(&portal.nadia);
    let all = nadia.get("/manage/audit?area=denial").expect(200);
    let prints = all.all("tbody tr td:nth-child(4)");
    assert_eq!(prints.len(), 3);
    assert_eq!(prints[1], prints[2], "the same address, twice");
    assert_ne!(prints[0], prints[1]);
    let dump = crate::access::dump(&portal.app);
    assert!(!dump["events"].to_lowercase().contains("amarante"));
    let asked = nadia
        .get("/manage/audit?about=amarante%40oak.example")
        .expect(200);
    assert_eq!(asked.all("tbody tr").len(), 2);
    let never = nadia
        .get("/manage/audit?about=never%40oak.example")
        .expect(200);
    never.has("Nothing matches this filter.");
}
