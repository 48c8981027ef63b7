//! The secrets of links: nobody guesses one, and nobody reads one in a copy of the database.

use std::collections::{BTreeMap, HashSet};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use guichet::accounts::Role;
use guichet::accounts::tokens::{Purpose, issue_token};
use guichet::config::Settings;
use guichet::platform::db::StorageError;
use guichet::platform::mail::Transport;

use crate::access::dump;
use crate::mail::courier;
use crate::mail::server::MailServer;
use crate::support::TestApp;

const CLAIRE: &str = "claire@tilleuls.example";

const DRAWN: usize = 10_000;

/// As much of a secret as no two have in common, and no other text has.
const TELLING: usize = 16;

/// How a column may spell a secret: as it is, as bytes, and as what those stand for.
fn spellings(secret: &str) -> [String; 3] {
    let bytes = BASE64URL_NOPAD.decode(secret.as_bytes());
    [
        secret.to_ascii_lowercase(),
        HEXLOWER.encode(secret.as_bytes()),
        HEXLOWER.encode(&bytes.expect("it is in this alphabet")),
    ]
}

/// The tables that hold one of these secrets, or the beginning of one.
fn tables_with(app: &TestApp, secrets: &[String]) -> Vec<String> {
    let beginnings: HashSet<Vec<u8>> = secrets
        .iter()
        .flat_map(|secret| spellings(secret))
        .map(|spelling| spelling.as_bytes()[..TELLING].to_vec())
        .collect();
    let tables: BTreeMap<String, String> = dump(app);
    let holds = |content: &String| {
        let content = content.to_ascii_lowercase().into_bytes();
        content
            .windows(TELLING)
            .any(|part| beginnings.contains(part))
    };
    let found = tables.iter().filter(|(_, content)| holds(content));
    found.map(|(table, _)| table.clone()).collect()
}

#[test]
fn of_ten_thousand_links_no_two_are_alike_and_none_is_kept() {
    let app = TestApp::new();
    let person = app.person(CLAIRE, Role::Customer).id;
    let secrets: Vec<String> = app.write(move |tx| {
        let draw = |_| issue_token(tx, Purpose::TicketLink, Some(person), None);
        let drawn: Result<Vec<_>, _> = (0..DRAWN).map(draw).collect();
        drawn.map_err(StorageError::from)
    });
    let different: HashSet<&String> = secrets.iter().collect();
    assert_eq!(different.len(), DRAWN);
    let all: Vec<Vec<u8>> = secrets
        .iter()
        .map(|secret| {
            BASE64URL_NOPAD
                .decode(secret.as_bytes())
                .expect("it is in this alphabet")
        })
        .collect();
    let bits = all[0].len() * 8;
    assert!(bits >= 128, "{bits} bits");
    // A bit that is always the same is none. Of fair ones half are set, give or take ten times the
    // usual deviation.
    for bit in 0..bits {
        let is_set = |bytes: &&Vec<u8>| bytes[bit / 8] >> (bit % 8) & 1 == 1;
        let set = all.iter().filter(is_set).count();
        assert!((DRAWN / 2).abs_diff(set) < DRAWN / 20, "bit {bit}: {set}");
    }
    assert!(
        tables_with(&app, &secrets).is_empty(),
        "{:?}",
        tables_with(&app, &secrets)
    );
}

#[test]
fn a_secret_is_in_its_mail_until_that_has_left_and_nowhere_else() {
    let app = TestApp::new();
    app.person(CLAIRE, Role::Customer);
    let browser = app.browser();
    let page = browser.get("/forgot");
    let form = page.form("/forgot").fill("email", CLAIRE);
    form.submit().expect(200);
    app.run("password letters");
    let path = app.mailed_path(CLAIRE);
    let secret = path.rsplit('/').next().expect("a secret").to_owned();
    let secrets = [secret];
    assert_eq!(tables_with(&app, &secrets), ["mails"]);

    let server = MailServer::start();
    let settings = Settings {
        smtp_url: Some(server.url()),
        ..(*app.site.settings).clone()
    };
    let transport = Transport::from_settings(&settings).expect("the address is one");
    assert_eq!(
        courier(&app.site, &transport)
            .run()
            .expect("the database works"),
        1
    );
    assert_eq!(server.arrivals().len(), 1);
    assert!(tables_with(&app, &secrets).is_empty());
    // The link itself is good.
    app.browser().get(&path).expect(200);
}
