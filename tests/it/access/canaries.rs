//! What customers must never read, marked with words that appear nowhere else.

use diesel::prelude::*;
use guichet::accounts::{Person, Role};
use guichet::platform::db::StorageError;
use guichet::schema::{deflections, people};
use guichet::sla::calendar::Calendar;
use guichet::sla::calendars::CalendarInput;
use guichet::sla::calendars::commands::create_calendar;
use guichet::sla::policies::PolicyInput;
use guichet::sla::policies::commands::create_policy;
use guichet::sla::policy::{Policy, Target, Targets};
use guichet::sla::ticket::refresh::{ByHand, choose_by_hand};
use guichet::tickets::commands::StatusAfter;
use guichet::tickets::conditions::Condition;
use guichet::tickets::{Priority, Visibility};

use super::quiet::crawl;
use super::stage::{Stage, article, attach, company, follow, label, team};
use crate::requests::portal::Portal;
use crate::support::{PASSWORD, entries};

/// Pages repeat what was searched for, in lower case: so written, the words are secrets.
const SECRETS: [&str; 19] = [
    "Amarante",
    "Belladone",
    "Cyclamen",
    "Digitale",
    "Edelweiss",
    "Fuchsia",
    "Gentiane",
    "Hellebore",
    "Ipomee",
    "Jacinthe",
    "Kalmia",
    "Lobelie",
    "Monarde",
    "Nigelle",
    "Orchidee",
    "Pivoine",
    "Saponaire",
    "Tanaisie",
    "Valeriane",
];

/// What was typed before an article was opened: kept, and on no page at all.
const TYPED: &str = "Pivoine";

/// For who is signed in, whoever that is.
const MEMBERS: [&str; 2] = ["Renoncule", "Santoline"];

/// Answers the stranger whom most of it is about.
fn hide(stage: &Stage) -> Person {
    let portal = &stage.portal;
    portal.note(&stage.ticket, "Note : Amarante.");
    attach(
        portal,
        &stage.ticket,
        &portal.theo,
        Visibility::Note,
        "Belladone.txt",
    );
    // A label is kept in lower case; it must not show either.
    label(portal, &stage.ticket, "cyclamen");
    let stranger = portal.add("digitale@serre.example", "Edelweiss Serre", Role::Customer);
    portal.app.write(|tx| {
        diesel::update(people::table.filter(people::email.eq("digitale@serre.example")))
            .set(people::email.eq("Digitale@serre.example"))
            .execute(tx.conn)
            .map_err(StorageError::from)
    });
    company(portal, "Nigelle", &[&stranger]);
    team(portal, "Orchidee", Some(&portal.theo));
    let theirs = portal.file(&stranger, "Fuchsia", "Gentiane");
    attach(
        portal,
        &theirs,
        &stranger,
        Visibility::Public,
        "Hellebore.txt",
    );
    portal.answer(&theirs, "Ipomee", StatusAfter::Keep);
    typed(portal, &stranger, TYPED);
    articles(portal);
    promised(stage);
    portal.run("ticket index");
    stranger
}

/// What applies to Claire's request, by which hours and why: she reads when, and nothing else of it.
fn promised(stage: &Stage) {
    let (ticket, theo) = (stage.ticket.id, stage.portal.theo.actor());
    stage.portal.app.write_as(theo, move |tx| {
        let hours = "mon-sun 00:00-24:00".parse().expect("hours");
        let content = Calendar::of_week(chrono_tz::Europe::Paris, hours);
        let name = "Valeriane".to_owned();
        let calendar = create_calendar(tx, &CalendarInput { name, content }).expect("a name");
        let targets = Targets {
            first: Some(Target::Working(240)),
            resolution: Some(Target::Working(960)),
            ..Targets::default()
        };
        let content = Policy {
            calendar,
            condition: Condition::Any(Vec::new()),
            targets: Priority::ALL.iter().map(|&p| (p, targets)).collect(),
            pauses: Vec::new(),
        };
        let name = "Saponaire".to_owned();
        let policy = create_policy(tx, &PolicyInput { name, content }).expect("a name");
        choose_by_hand(tx, ticket, &ByHand::Policy(policy), "Tanaisie").map_err(StorageError::from)
    });
}

/// What somebody typed as a subject before they opened an article.
fn typed(portal: &Portal, who: &Person, subject: &str) {
    let browser = portal.browser(who);
    let form = browser.get("/requests/new").form("/requests");
    let value = |name: &str| form.value(name).expect("it is there").to_owned();
    let (token, key) = (value("csrf"), value("key"));
    let fields = [
        ("csrf", token.as_str()),
        ("key", key.as_str()),
        ("article", "/en/articles/line"),
        ("subject", subject),
    ];
    browser.post("/deflections", &fields).expect(303);
    let again = browser.get("/requests/new").form("/requests");
    let filed = again
        .fill("request_type", &portal.question())
        .fill("subject", "Fuchsia")
        .fill("body", "Gentiane")
        .forge("key", &key);
    filed.submit().expect(200);
}

fn articles(portal: &Portal) {
    article(
        portal,
        "en/rooms/_section.md",
        "---\ntitle: Jacinthe\n---\n",
    );
    article(
        portal,
        "en/rooms/line-inside.md",
        "---\ntitle: \"Kalmia line\"\nsummary: \"Lobelie\"\naudience: internal\n---\n\nMonarde line.\n",
    );
    article(
        portal,
        "en/net/line-members.md",
        "---\ntitle: \"Renoncule line\"\naudience: customers\n---\n\nSantoline line.\n",
    );
    follow(portal);
}

/// A word as somebody in a hurry types it: two letters in the wrong order.
fn misspelt(word: &str) -> String {
    let mut letters: Vec<char> = word.to_lowercase().chars().collect();
    let middle = letters.len() / 2;
    letters.swap(middle, middle + 1);
    letters.into_iter().collect()
}

/// Every place that answers a query.
fn places(query: &str) -> [String; 8] {
    [
        format!("/en/search?q={query}"),
        format!("/fr/search?q={query}"),
        format!("/articles/search?q={query}"),
        format!("/requests?q={query}"),
        format!("/api/v1/articles/search?lang=en&q={query}&limit=50"),
        format!("/api/v1/suggestions?lang=en&q={query}"),
        format!("/desk/search?q={query}"),
        format!("/manage/people?q={query}"),
    ]
}

fn ways(word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let queries = [word.as_str(), &word[..4], "line", "serre"];
    queries.into_iter().flat_map(places).collect()
}

#[test]
fn no_page_search_or_suggestion_tells_a_customer_what_is_not_theirs() {
    for role in [
        "guest",
        "owner",
        "colleague",
        "other",
        "disabled",
        "enrolling",
    ] {
        let stage = Stage::new();
        hide(&stage);
        let browser = stage.browser(role);
        let mut pages = crawl(&stage, &browser);
        let shut_out = matches!(role, "guest" | "disabled" | "enrolling");
        let members: &[&str] = if shut_out { &MEMBERS } else { &[] };
        let secrets: Vec<&str> = [&SECRETS, members].concat();
        for secret in &secrets {
            pages.extend(ways(secret).iter().map(|way| browser.get(way)));
            for way in places(&misspelt(secret)) {
                let page = browser.get(&way);
                let corrected = page.html().to_lowercase().contains(&secret.to_lowercase());
                assert!(!corrected, "{way} as {role} puts {secret} right");
                pages.push(page);
            }
        }
        for page in &pages {
            let html = page.html();
            for secret in &secrets {
                assert!(
                    !html.contains(secret),
                    "{secret} on {} as {role}",
                    page.path
                );
            }
            // The page where a factor is added names its owner.
            let own = role == "enrolling" && page.path == "/profile/factor";
            for staff in [&stage.portal.theo.email, &stage.portal.nadia.email] {
                let told = !own && html.contains(staff.as_str());
                assert!(!told, "{staff} on {}", page.path);
            }
            // What somebody searched for is theirs; signing in brings them back to it.
            let searched = page.path.contains("q=") || page.path.contains("q%3D");
            assert!(searched || !html.contains("cyclamen"), "{}", page.path);
        }
    }
}

#[test]
fn who_is_signed_in_does_read_what_is_for_customers() {
    let stage = Stage::new();
    hide(&stage);
    let browser = stage.browser("owner");
    let pages = crawl(&stage, &browser);
    for word in MEMBERS {
        assert!(
            pages.iter().any(|page| page.html().contains(word)),
            "{word}"
        );
    }
    let page = browser.get(&format!("/en/search?q={}", misspelt("Renoncule")));
    let html = page.html().to_lowercase();
    assert!(
        html.contains("renoncule"),
        "nothing would be put right: {html}"
    );
}

#[test]
fn agents_do_read_them() {
    let stage = Stage::new();
    hide(&stage);
    let browser = stage.browser("agent");
    let pages = crawl(&stage, &browser);
    for secret in SECRETS {
        if secret == TYPED {
            let kept = stage.portal.app.read(|conn| {
                let subjects = deflections::table.select(deflections::subject);
                subjects.load::<String>(conn)
            });
            assert!(kept.iter().any(|subject| subject == TYPED), "{kept:?}");
            continue;
        }
        let lower = secret.to_lowercase();
        let read = pages.iter().any(|page| {
            let html = page.html();
            html.contains(secret) || html.contains(&lower)
        });
        assert!(read, "{secret}: the test would not notice if it were told");
    }
}

/// What somebody takes along as a copy of their data, as one text.
pub fn copy(portal: &Portal, who: &Person) -> String {
    portal.app.give_password(who);
    let browser = portal.browser(who);
    let form = browser.get("/profile/data").form("/profile/data");
    let zip = form.fill("current_password", PASSWORD).submit_once();
    let entries = entries(zip.expect(200).bytes());
    let texts = entries
        .iter()
        .map(|(path, content)| format!("{path}\n{}\n", String::from_utf8_lossy(content)));
    texts.collect()
}

#[test]
fn no_copy_of_ones_data_tells_what_is_not_theirs() {
    let stage = Stage::new();
    let stranger = hide(&stage);
    let portal = &stage.portal;
    for who in [&portal.claire, &stage.colette, &portal.paul] {
        let copied = copy(portal, who);
        assert!(copied.contains(&who.email), "nothing of {}", who.email);
        for secret in SECRETS.iter().chain(&["cyclamen"]) {
            assert!(!copied.contains(secret), "{secret} for {}", who.email);
        }
        for staff in [&portal.theo.email, &portal.nadia.email] {
            assert!(!copied.contains(staff.as_str()), "{staff}");
        }
    }
    let theirs = copy(portal, &stranger);
    for own in ["Fuchsia", "Gentiane", "Hellebore", "Ipomee", TYPED] {
        assert!(theirs.contains(own), "the test would not notice {own}");
    }
    for secret in ["Amarante", "Belladone", "cyclamen", "Orchidee", "Monarde"] {
        assert!(!theirs.contains(secret), "{secret} in the stranger's copy");
    }
}

#[test]
fn no_mail_to_a_customer_tells_what_is_not_theirs() {
    let stage = Stage::new();
    hide(&stage);
    stage
        .portal
        .answer(&stage.ticket, "Une réponse.", StatusAfter::Keep);
    let mails = stage.portal.app.mails();
    let staff = [&stage.portal.theo, &stage.portal.nadia].map(|person| person.email.as_str());
    let (claire, stranger) = (&stage.portal.claire.email, "Digitale@serre.example");
    let to = |address: &str| {
        mails
            .iter()
            .filter(|mail| mail.to_address == address)
            .count()
    };
    assert!(to(claire) >= 2 && to("digitale@serre.example") + to(stranger) >= 2);
    // Of what is hidden, the stranger's own: their name, requests and the answers to them.
    let theirs = [
        "Digitale",
        "Edelweiss",
        "Fuchsia",
        "Gentiane",
        "Hellebore",
        "Ipomee",
    ];
    for mail in &mails {
        let composed = stage.portal.app.compose(mail);
        let own = mail.to_address.ends_with("@serre.example");
        for text in [
            &mail.data,
            &composed.subject,
            &composed.text,
            &composed.html,
        ] {
            for secret in SECRETS.iter().chain(&["cyclamen"]) {
                let told = text.contains(secret) && !(own && theirs.contains(secret));
                assert!(!told, "{secret} to {}: {text}", mail.to_address);
            }
            for staff in staff {
                assert!(!text.contains(staff), "{staff} to {}", mail.to_address);
            }
        }
    }
}
