//! Requests of somebody else, as customers ask for them.

use diesel::prelude::*;
use guichet::accounts::{Person, Role};
use guichet::app;
use guichet::platform::i18n::Lang;
use guichet::platform::schedule::{Runner, Schedule};
use guichet::privacy::erasing;
use guichet::privacy::erasure::erase;
use guichet::schema::{attachments, events};
use guichet::tickets::Visibility;

use super::{denials, text};
use crate::access::{attach, company, dump};
use crate::requests::portal::{Portal, faceless};
use crate::support::{Browser, Page, note_statements, queries};

/// A reference that nothing has.
const ABSENT: &str = "GU-9999";

/// What is asked for by [`ask`], in its order.
const ASKED: [(&str, &str); 12] = [
    ("GET", "/requests/<reference>"),
    ("GET", "/requests/<reference>"),
    ("GET", "/requests/<reference>/files/<public_id>"),
    ("GET", "/drafts/<key>"),
    ("GET", "/drafts/<key>"),
    ("GET", "/drafts/<key>/files/<public_id>"),
    ("POST", "/requests/<reference>/messages"),
    ("POST", "/requests/<reference>/confirmation"),
    ("POST", "/requests/<reference>/reopening"),
    ("POST", "/drafts/<key>"),
    ("POST", "/drafts/<key>/form"),
    ("POST", "/drafts/<key>/discard"),
];

/// Paul's request GU-1001 with a file, and Claire's GU-1002, who works elsewhere. Answers the file.
fn neighbours() -> (Portal, String) {
    let portal = Portal::new();
    company(&portal, "Clinique des Tilleuls", &[&portal.claire]);
    company(&portal, "Atelier du Port", &[&portal.paul]);
    let theirs = portal.file(&portal.paul, "Le sien", "Texte.");
    let file = attached(&portal, &theirs.reference, "piece.txt");
    portal.file(&portal.claire, "Le mien", "Texte.");
    (portal, file)
}

/// Attaches a file to a request in its owner's name; answers its identifier.
fn attached(portal: &Portal, reference: &str, name: &str) -> String {
    let ticket = portal.stored(reference);
    let owner = if ticket.requester_id == portal.paul.id {
        &portal.paul
    } else {
        &portal.claire
    };
    attach(portal, &ticket, owner, Visibility::Public, name);
    portal.app.read(|conn| {
        attachments::table
            .filter(attachments::name.eq(name))
            .select(attachments::public_id)
            .first(conn)
    })
}

fn token(browser: &Browser<'_>) -> String {
    let form = browser.get("/requests/new").form("/requests");
    form.value("csrf").expect("a token").to_owned()
}

/// Asks for a request in every way.
fn ask<'b>(browser: &'b Browser<'b>, reference: &str, file: &str) -> Vec<Page<'b>> {
    let token = token(browser);
    let (request, draft) = (
        format!("/requests/{reference}"),
        format!("/drafts/reply-{reference}"),
    );
    let opened = [
        request.clone(),
        format!("{request}?before=3"),
        format!("{request}/files/{file}"),
        draft.clone(),
        format!("/drafts/message-{reference}"),
        format!("{draft}/files/{file}"),
    ];
    let sent = [
        format!("{request}/messages"),
        format!("{request}/confirmation"),
        format!("{request}/reopening"),
        draft.clone(),
        format!("{draft}/form"),
        format!("{draft}/discard"),
    ];
    let opened = opened.iter().map(|path| browser.get_once(path));
    let fields = [("csrf", token.as_str()), ("body", "Texte.")];
    let sent = sent.iter().map(|path| browser.post(path, &fields));
    opened.chain(sent).collect()
}

#[test]
fn whoever_asks_for_it_is_recorded_and_an_absent_one_is_not() {
    let (portal, file) = neighbours();
    let claire = portal.browser(&portal.claire);
    for reference in ["GU-1001", ABSENT, "gu-1001", "GU_1001"] {
        for page in ask(&claire, reference, &file) {
            assert_eq!(page.status, 404, "{}", page.path);
        }
    }
    claire.get("/requests/GU-1002").expect(200);
    claire.get_once("/drafts/reply-GU-1002").expect(200);
    // It is hers; the desk's text on it is not there for her.
    claire.get_once("/drafts/message-GU-1002").expect(404);
    let mut all = denials(&portal);
    all.reverse();
    let told: Vec<_> = all
        .iter()
        .map(|denial| (text(denial, "method"), text(denial, "route")))
        .collect();
    let asked = ASKED.map(|(method, route)| (method.to_owned(), route.to_owned()));
    assert_eq!(told, asked);
    for denial in &all {
        assert_eq!(denial.event.kind, "request_denied");
        assert_eq!(denial.event.actor, portal.claire.actor());
        assert_eq!(text(denial, "reference"), "GU-1001");
        assert_eq!(text(denial, "role"), "customer");
        // Nothing that a person wrote, and nothing of where they are.
        let data = denial.event.data.as_object().expect("an object");
        assert_eq!(data.len(), 4, "{data:?}");
    }
}

#[test]
fn the_answer_is_that_of_an_absent_one() {
    let (portal, file) = neighbours();
    let claire = portal.browser(&portal.claire);
    let foreign = ask(&claire, "GU-1001", &file);
    let absent = ask(&claire, ABSENT, &file);
    for (foreign, absent) in foreign.iter().zip(&absent) {
        assert_eq!(faceless(foreign), faceless(absent), "{}", foreign.path);
        assert_eq!(foreign.common_headers(), absent.common_headers());
        assert_eq!(foreign.bytes().len(), absent.bytes().len());
    }
}

/// The database is what takes the time: it is asked the same, and an answer waits for no write.
#[test]
fn the_work_is_that_for_an_absent_one() {
    note_statements();
    let (portal, file) = neighbours();
    let claire = portal.browser(&portal.claire);
    let asked = |reference: &str| {
        queries(&portal.app);
        ask(&claire, reference, &file);
        let mut asked = queries(&portal.app);
        // A server is first asked whether it is still there.
        asked.retain(|statement| statement != "SELECT 1");
        asked
    };
    asked(ABSENT);
    let (foreign, absent) = (asked("GU-1001"), asked(ABSENT));
    assert_eq!(foreign, absent);
    assert!(foreign.len() > ASKED.len(), "they are noted");
    assert!(
        foreign
            .iter()
            .all(|statement| statement.starts_with("SELECT") || statement.starts_with("WITH")),
        "{foreign:#?}"
    );
}

#[test]
fn a_file_belongs_to_the_request_that_it_came_with() {
    let (portal, file) = neighbours();
    let claire = portal.browser(&portal.claire);
    let own = attached(&portal, "GU-1002", "mienne.txt");
    portal.file(&portal.claire, "Encore le mien", "Texte.");
    for id in [file.as_str(), &own, "aaaaaaaaaaaaaaaa", "%00"] {
        let path = format!("/requests/GU-1003/files/{id}");
        claire.get_once(&path).expect(404);
    }
    let references: Vec<String> = denials(&portal)
        .iter()
        .map(|denial| text(denial, "reference"))
        .collect();
    assert_eq!(references, ["GU-1001"], "her own is nobody else's");
}

#[test]
fn who_reads_every_request_at_the_desk_is_refused_nothing() {
    let (portal, file) = neighbours();
    for who in [&portal.theo, &portal.nadia] {
        portal
            .browser(who)
            .get_once("/requests/GU-1001")
            .expect(404);
        let path = format!("/requests/GU-1001/files/{file}");
        portal.browser(who).get_once(&path).expect(404);
    }
    assert!(denials(&portal).is_empty());
}

#[test]
fn one_person_causes_so_many_rows_of_a_kind_and_no_more() {
    let (portal, _) = neighbours();
    let (claire, paul) = (portal.browser(&portal.claire), portal.browser(&portal.paul));
    for _ in 0..200 {
        claire.get_once("/requests/GU-1001").expect(404);
    }
    // Neither hides what they do besides, nor what others do.
    claire.get_once("/desk").expect(404);
    paul.get_once("/requests/GU-1002").expect(404);
    let all = denials(&portal);
    let count = |kind: &str, who: &Person| {
        let of = all
            .iter()
            .filter(|denial| denial.event.kind == kind && denial.event.actor == who.actor());
        of.count()
    };
    let flood = count("request_denied", &portal.claire);
    assert!((20..=25).contains(&flood), "{flood}");
    assert_eq!(count("denied", &portal.claire), 1);
    assert_eq!(count("request_denied", &portal.paul), 1);
}

#[test]
fn managers_read_it_in_their_language_and_find_the_request() {
    let (portal, _) = neighbours();
    portal
        .browser(&portal.claire)
        .get_once("/requests/GU-1001")
        .expect(404);
    portal.run("denials");
    let nadia = portal.browser(&portal.nadia);
    for query in [
        "area=denial",
        "result=refused",
        "who=claire@tilleuls.example",
    ] {
        let page = nadia.get(&format!("/manage/audit?{query}")).expect(200);
        let page = page.has("Somebody else’s request refused, GU-1001: GET /requests/<reference>");
        let links = page.attributes("tbody a[href^='/desk/']", "href");
        assert_eq!(links, ["/desk/tickets/GU-1001"], "{query}");
    }
    let others = nadia.get("/manage/audit?area=rights").expect(200);
    let others = others.lacks("GU-1001");
    others.lacks("request refused");
    let page = nadia.get("/manage/audit?area=denial").expect(200);
    let csv = page.form("/manage/audit/exports").submit().expect(200);
    let csv = csv.html();
    assert!(csv.contains("\"denial.request_denied\""), "{csv}");
    assert!(csv.contains("\"GU-1001\""), "{csv}");
    let solene = portal
        .app
        .person_in("solene@guichet.example", Role::Manager, Lang::Fr);
    let french = portal.browser(&solene);
    let page = french.get("/manage/audit?area=denial");
    page.has("Demande d’autrui refusée, GU-1001 : GET /requests/<reference>");
}

#[test]
fn it_stays_when_those_are_forgotten_whom_it_is_about() {
    let (portal, file) = neighbours();
    ask(&portal.browser(&portal.claire), "GU-1001", &file);
    let before = denials(&portal);
    let company = portal.app.site.company.get();
    for who in [&portal.claire, &portal.paul] {
        let (how, id) = (erasing(&portal.app.site, &company, false), who.id);
        portal.app.write(move |tx| erase(tx, id, &how));
    }
    let after = denials(&portal);
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter().zip(&before) {
        assert_eq!(after.event.data, before.event.data);
    }
    let history = dump(&portal.app)["events"].to_lowercase();
    for name in ["claire", "fontanel", "paul", "vasseur"] {
        assert!(!history.contains(name), "{name}");
    }
    let nadia = portal.browser(&portal.nadia);
    let page = nadia.get("/manage/audit?area=denial").expect(200);
    page.has("GU-1001").lacks("Fontanel");
}

#[test]
fn what_waits_when_the_program_ends_is_written_down() {
    let (portal, _) = neighbours();
    let schedules = app::schedules();
    let schedule = schedules.iter().find(|schedule| schedule.name == "denials");
    let seldom = Schedule {
        every: std::time::Duration::from_secs(3600),
        ..*schedule.expect("it is there")
    };
    // Its first run is over, or comes while nothing waits, or before the end.
    let runner = Runner::start(&portal.app.site, &[seldom]).expect("a thread");
    portal
        .browser(&portal.claire)
        .get_once("/requests/GU-1001")
        .expect(404);
    drop(runner);
    let kinds = portal.app.read(|conn| {
        let audited = events::table.filter(events::audit.eq("denial"));
        audited.select(events::kind).load::<String>(conn)
    });
    assert_eq!(kinds, ["request_denied"]);
}
