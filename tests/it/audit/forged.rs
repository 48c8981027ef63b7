//! Forms that do not come from a page of their sender's session.

use diesel::prelude::*;
use guichet::accounts::Role;
use guichet::accounts::rules::require_factor;
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::metrics::metrics;
use guichet::schema::events;
use rocket::http::{ContentType, Header};

use super::{denials, text};
use crate::requests::portal::Portal;
use crate::support::{Browser, Page, Sent};

fn token(browser: &Browser<'_>) -> String {
    let form = browser.get("/requests/new").form("/requests");
    form.value("csrf").expect("a token").to_owned()
}

/// A form as the page of another site has a browser send it.
fn from_elsewhere<'b>(browser: &'b Browser<'b>, token: &str) -> Page<'b> {
    browser.post_as_is(Sent {
        path: "/theme",
        content_type: ContentType::Form,
        body: format!("csrf={token}&theme=dark").into_bytes(),
        headers: vec![Header::new("Sec-Fetch-Site", "cross-site")],
    })
}

#[test]
fn what_somebody_signed_in_could_not_send_is_recorded() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    let good = token(&claire);
    let of_paul = token(&portal.browser(&portal.paul));
    claire
        .post("/requests", &[("subject", "secret")])
        .expect(403);
    let fields = [("csrf", of_paul.as_str()), ("name", "secret")];
    claire.post("/profile?secret", &fields).expect(403);
    from_elsewhere(&claire, &good).expect(403);
    // Ours, and one of somebody who is not signed in any more.
    let theme = [("csrf", good.as_str()), ("theme", "dark")];
    claire.post("/theme", &theme).expect(303);
    portal.app.browser().post("/profile", &fields).expect(401);
    let all = denials(&portal);
    let told: Vec<_> = all
        .iter()
        .map(|denial| (text(denial, "route"), text(denial, "reason")))
        .collect();
    let expected = [
        ("/theme", "site"),
        ("/profile", "token"),
        ("/requests", "token"),
    ];
    assert_eq!(
        told,
        expected.map(|(route, reason)| (route.to_owned(), reason.to_owned()))
    );
    for denial in &all {
        assert_eq!(denial.event.kind, "form_denied");
        assert_eq!(denial.event.actor, portal.claire.actor());
        assert!(!denial.event.data.to_string().contains("secret"));
    }
}

#[test]
fn managers_read_why_in_their_language() {
    let portal = Portal::new();
    let claire = portal.browser(&portal.claire);
    claire.post("/requests", &[]).expect(403);
    from_elsewhere(&claire, "").expect(403);
    portal.run("denials");
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get("/manage/audit?area=denial").expect(200);
    page.has("Form refused, not from a page of this session: POST /requests")
        .has("Form refused, sent by another site: POST /theme");
    let solene = portal
        .app
        .person_in("solene@guichet.example", Role::Manager, Lang::Fr);
    let french = portal.browser(&solene);
    let page = french.get("/manage/audit?area=denial");
    page.has("Formulaire refusé, qui ne vient pas d’une page de cette session : POST /requests")
        .has("Formulaire refusé, envoyé par un autre site : POST /theme");
}

#[test]
fn guests_are_counted_and_leave_no_row() {
    let portal = Portal::new();
    let guest = portal.app.browser_in(Lang::En);
    let rows = || -> i64 {
        portal.run("denials");
        portal
            .app
            .read(|conn| events::table.count().get_result(conn))
    };
    let counted = || {
        let refused = &metrics().forms_refused;
        ["site", "token"].map(|reason| refused.with_label_values(&[reason]).get())
    };
    let (before, so_far) = (rows(), counted());
    guest.post("/requests", &[("subject", "x")]).expect(403);
    from_elsewhere(&guest, &token(&guest)).expect(403);
    assert_eq!(rows(), before);
    // Other tests count in the same process.
    let now = counted();
    assert!(now[0] > so_far[0] && now[1] > so_far[1]);
}

#[test]
fn who_owes_a_second_factor_is_somebody() {
    let portal = Portal::new();
    let theo = portal.browser(&portal.theo);
    portal
        .app
        .write(|tx| require_factor(tx, true).map_err(StorageError::from));
    theo.post("/theme", &[("theme", "dark")]).expect(403);
    let all = denials(&portal);
    let who: Vec<_> = all.iter().map(|denial| denial.event.actor).collect();
    assert_eq!(who, [portal.theo.actor()]);
}

#[test]
fn another_site_fills_no_disk_and_hides_nothing() {
    let portal = Portal::new();
    let paul = portal.browser(&portal.paul);
    let good = token(&paul);
    for _ in 0..200 {
        from_elsewhere(&paul, &good).expect(403);
    }
    paul.get("/desk").expect(404);
    let all = denials(&portal);
    let forms = all
        .iter()
        .filter(|denial| denial.event.kind == "form_denied")
        .count();
    assert!((20..=25).contains(&forms), "{forms}");
    assert_eq!(all.len(), forms + 1);
}
