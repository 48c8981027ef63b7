//! What customers must never read, marked with words that appear nowhere else.

use diesel::prelude::*;
use guichet::accounts::find_or_create_requester;
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::schema::people;
use guichet::tickets::Visibility;
use guichet::tickets::commands::StatusAfter;

use super::quiet::crawl;
use super::stage::{Stage, article, attach, follow, label};

/// Pages repeat what was searched for, in lower case: so written, the words are secrets.
const SECRETS: [&str; 13] = [
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
];

fn hide(stage: &Stage) {
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
    let stranger = portal.app.write(|tx| {
        let person =
            find_or_create_requester(tx, "Digitale@serre.example", "Edelweiss Serre", Lang::En)?;
        diesel::update(people::table.find(person.id))
            .set(people::password_hash.eq("none"))
            .execute(tx.conn)?;
        Ok::<_, StorageError>(person)
    });
    let theirs = portal.file(&stranger, "Fuchsia", "Gentiane");
    attach(
        portal,
        &theirs,
        &stranger,
        Visibility::Public,
        "Hellebore.txt",
    );
    portal.answer(&theirs, "Ipomee", StatusAfter::Keep);
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
    follow(portal);
    portal.run("ticket index");
}

fn ways(word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let start = &word[..4];
    [word.as_str(), start, "line", "serre"]
        .iter()
        .flat_map(|query| {
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
        })
        .collect()
}

#[test]
fn no_page_search_or_suggestion_tells_a_customer_what_is_not_theirs() {
    for role in ["guest", "owner", "other", "disabled"] {
        let stage = Stage::new();
        hide(&stage);
        let browser = stage.browser(role);
        let mut pages = crawl(&stage, &browser);
        for secret in SECRETS {
            pages.extend(ways(secret).iter().map(|way| browser.get(way)));
        }
        for page in &pages {
            for secret in SECRETS {
                let told = page.html().contains(secret);
                assert!(!told, "{secret} on {} as {role}", page.path);
            }
            // What somebody searched for is theirs; signing in brings them back to it.
            let searched = page.path.contains("q=") || page.path.contains("q%3D");
            assert!(
                searched || !page.html().contains("cyclamen"),
                "{}",
                page.path
            );
        }
    }
}

#[test]
fn agents_do_read_them() {
    let stage = Stage::new();
    hide(&stage);
    let browser = stage.browser("agent");
    let pages = crawl(&stage, &browser);
    for secret in SECRETS {
        let lower = secret.to_lowercase();
        let read = pages.iter().any(|page| {
            let html = page.html();
            html.contains(secret) || html.contains(&lower)
        });
        assert!(read, "{secret}: the test would not notice if it were told");
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
    let claire = &stage.portal.claire.email;
    let hers: Vec<_> = mails
        .iter()
        .filter(|mail| mail.to_address == *claire)
        .collect();
    assert!(hers.len() >= 2);
    for mail in hers {
        let composed = stage.portal.app.compose(mail);
        for text in [
            &mail.data,
            &composed.subject,
            &composed.text,
            &composed.html,
        ] {
            for secret in SECRETS {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
    let notes = ["Amarante", "Belladone", "Cyclamen", "cyclamen"];
    for mail in &mails {
        assert!(
            notes.iter().all(|note| !mail.data.contains(note)),
            "{}",
            mail.data
        );
    }
}
