//! A person of whom traces are everywhere, and looking for them in every file.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use diesel::prelude::*;
use guichet::accounts::commands::{Details, change_details};
use guichet::accounts::{Person, Role};
use guichet::drafts::{Fields, Place, Save, save};
use guichet::platform::blobs::Blobs;
use guichet::platform::db::{DatabaseUrl, StorageError};
use guichet::platform::i18n::Lang;
use guichet::platform::mail::Transport;
use guichet::platform::text::FileName;
use guichet::privacy::erasing;
use guichet::privacy::erasure::{Erased, erase};
use guichet::schema::{attachments, deflections};
use guichet::sla::ticket::refresh::{ByHand, choose_by_hand};
use guichet::tickets::Visibility;
use guichet::tickets::commands::StatusAfter;

use crate::access::{Stage, attach, company, dump};

/// Words that occur nowhere else, each at a place of its own.
pub const CANARIES: [&str; 21] = [
    "zorinabel",      // first name
    "quextramont",    // surname
    "zq.quextramont", // address
    "0611997733",     // telephone, in a message
    "kwyjisubject",   // subject
    "kwyjibody",      // text
    "kwyjireply",     // a reply
    "kwyjianswer",    // an agent's answer
    "kwyjinote",      // an internal note
    "kwyjifile",      // name of a file
    "kwyjicontent",   // its content
    "kwyjidraft",     // a draft
    "kwyjidraftfile", // a file of a draft
    "kwyjitag",       // what the person searched for
    "kwyjideflection",
    "kwyjiformer",  // a former name
    "kwyjiguest",   // what they wrote before they had an account
    "kwyjisecond",  // a second request, resolved
    "Tahiti",       // time zone
    "kwyjidamaged", // a content that was set aside
    "kwyjireason",  // why a policy was chosen for a request
];

/// The stage, and Zorinabel, who left a trace in every place.
pub struct Traced {
    pub stage: Stage,
    pub zora: Person,
    /// A content that she and somebody else sent.
    pub shared: String,
}

const ADDRESS: &str = "zq.quextramont@tilleuls.example";

impl Traced {
    pub fn new() -> Self {
        let stage = Stage::new();
        let portal = &stage.portal;
        let zora = portal.add(ADDRESS, "Kwyjiformer Quextramont", Role::Customer);
        let id = zora.id;
        portal.app.write(move |tx| {
            let details = Details {
                name: "Zorinabel Quextramont".to_owned(),
                language: Lang::En,
                time_zone: "Pacific/Tahiti".to_owned(),
            };
            change_details(tx, id, &details)
        });
        portal.app.give_password(&zora);
        portal.app.give_password(&portal.nadia);
        let zora = portal.app.find_person(ADDRESS).expect("she is there");
        let ticket = portal.file(
            &zora,
            "kwyjisubject and more",
            "kwyjibody, call 0611997733. Zorinabel Quextramont, zq.quextramont@tilleuls.example",
        );
        portal.answer(&ticket, "Hello Zorinabel, kwyjianswer.", StatusAfter::Keep);
        portal.note(&ticket, "Quextramont again: kwyjinote");
        let (about, theo) = (ticket.id, portal.theo.actor());
        let policy = stage.path("{policy}").parse().expect("a policy");
        portal.app.write_as(theo, move |tx| {
            let decided = ByHand::Policy(policy);
            choose_by_hand(tx, about, &decided, "Promised to Quextramont: kwyjireason")
                .map_err(StorageError::from)
        });
        attach(
            portal,
            &ticket,
            &zora,
            Visibility::Public,
            "kwyjifile kwyjicontent.txt",
        );
        attach(portal, &ticket, &zora, Visibility::Public, "shared.txt");
        let other = portal.stored(&stage.ticket.reference);
        attach(
            portal,
            &other,
            &portal.claire,
            Visibility::Public,
            "shared.txt",
        );
        attach(
            portal,
            &ticket,
            &zora,
            Visibility::Public,
            "kwyjidamaged.txt",
        );
        // Whoever helps her mentions her elsewhere, and she is in a company.
        company(portal, "Jardin Botanique", &[&zora]);
        let second = portal.file(&zora, "kwyjisecond", "kwyjiguest and kwyjireply");
        portal.set(&second, guichet::tickets::Status::Resolved);
        draft(&stage, &zora);
        opened(&stage, &zora);
        let sha = |name: &str| -> String {
            portal.app.read(|conn| {
                attachments::table
                    .filter(attachments::name.eq(name))
                    .select(attachments::sha256)
                    .first(conn)
            })
        };
        let (shared, damaged) = (sha("shared.txt"), sha("kwyjidamaged.txt"));
        let blobs = Blobs::new(&portal.app.site.settings.data_dir);
        blobs.set_aside(&damaged, 1).expect("moved");
        let traced = Self {
            shared,
            zora,
            stage,
        };
        traced.settle();
        traced
    }

    /// Index and outbox as the schedules leave them.
    pub fn settle(&self) {
        let app = &self.stage.portal.app;
        app.run("ticket index");
        let transport = Transport::from_settings(&app.site.settings).expect("a folder");
        crate::mail::courier(&app.site, &transport)
            .run()
            .expect("it works");
    }

    /// Contents that were received long ago.
    pub fn age_contents(&self) {
        let folder = self.stage.portal.app.site.settings.data_dir.join("blobs");
        for path in files(&folder) {
            let file = std::fs::File::options()
                .append(true)
                .open(&path)
                .expect("a file");
            let received = file.metadata().and_then(|meta| meta.modified());
            let long_ago = received.expect("a time") - Duration::from_secs(7200);
            file.set_modified(long_ago).expect("the disk takes it");
        }
    }

    /// Forgets her, and clears up.
    pub fn erase(&self, keep_texts: bool) -> Erased {
        let app = &self.stage.portal.app;
        self.age_contents();
        let how = erasing(&app.site, &app.site.company.get(), keep_texts);
        let id = self.zora.id;
        let erased = app.write(move |tx| erase(tx, id, &how));
        app.run("erasures");
        self.settle();
        erased
    }

    /// Canaries in any table or file.
    pub fn found(&self) -> BTreeSet<String> {
        let app = &self.stage.portal.app;
        let mut found: BTreeSet<String> = BTreeSet::new();
        for (table, content) in dump(app) {
            found.extend(in_text(&table, content.as_bytes()));
        }
        found.extend(in_folder(&app.site.settings.data_dir));
        // The file itself, with its log: what was deleted may lie there still.
        if let DatabaseUrl::Sqlite(path) = &app.site.settings.database_url {
            found.extend(in_folder(path.parent().expect("a folder")));
        }
        found
    }
}

fn draft(stage: &Stage, zora: &Person) {
    let id = zora.id;
    let content = Blobs::new(&stage.portal.app.site.settings.data_dir)
        .keep_bytes(b"kwyjidraftfile")
        .expect("the disk takes it");
    stage.portal.app.write(move |tx| {
        let place = Place {
            form: "request",
            subject: 0,
        };
        let wanted = Save {
            fields: Fields::from([("body".to_owned(), "kwyjidraft".to_owned())]),
            form_key: "a-window".to_owned(),
            files: vec![(FileName::new("kwyjidraftfile.txt"), content.clone())],
            ..Save::default()
        };
        save(tx, &id.into(), place, &wanted)
            .map(drop)
            .map_err(StorageError::from)
    });
}

/// An article opened while something was typed, and a search.
fn opened(stage: &Stage, zora: &Person) {
    let browser = stage.portal.browser(zora);
    let form = browser.get("/requests/new").form("/requests");
    let token = form.value("csrf").expect("a token").to_owned();
    let fields = [
        ("csrf", token.as_str()),
        ("key", "a-key-that-files-nothing"),
        ("article", "/en/articles/line"),
        ("subject", "kwyjideflection"),
    ];
    browser.post("/deflections", &fields).expect(303);
    browser.get("/en/articles?q=kwyjitag").expect(200);
    let count: i64 = stage.portal.app.read(|conn| {
        deflections::table
            .filter(deflections::person_id.eq(zora.id))
            .count()
            .get_result(conn)
    });
    assert_eq!(count, 1);
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found
}

/// Canaries in the files of a folder, in any case, and in their names.
pub fn in_folder(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files(folder) {
        let content = std::fs::read(&path).expect("it can be read");
        let name = path.display().to_string();
        found.extend(in_text(&name, &content));
        found.extend(in_text(&name, name.as_bytes()));
    }
    found
}

fn in_text(place: &str, bytes: &[u8]) -> Vec<String> {
    let lower = bytes.to_ascii_lowercase();
    CANARIES
        .iter()
        .filter(|canary| {
            let canary = canary.to_ascii_lowercase();
            lower
                .windows(canary.len())
                .any(|part| part == canary.as_bytes())
        })
        .map(|canary| format!("{canary} in {place}"))
        .collect()
}

#[test]
fn the_traces_are_where_they_should_be() {
    let traced = Traced::new();
    let found: Vec<String> = traced.found().into_iter().collect();
    let somewhere = |canary: &str| found.iter().any(|place| place.starts_with(canary));
    let missing: Vec<_> = CANARIES
        .iter()
        .filter(|canary| !somewhere(canary))
        .collect();
    // What was searched for is kept nowhere to begin with.
    assert_eq!(missing, [&"kwyjitag"], "{found:#?}");
    let within = |part: &str| found.iter().any(|place| place.contains(part));
    for part in [
        "in events",
        "in messages",
        "in mails",
        "in people",
        "/blobs/",
        "/outbox/",
    ] {
        assert!(within(part), "nothing {part}: {found:#?}");
    }
}
