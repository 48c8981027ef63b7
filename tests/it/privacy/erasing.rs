//! Who is erased is gone from everywhere, and everybody else is where they were.

use diesel::prelude::*;
use guichet::accounts::commands::{enable, may_be_erased};
use guichet::accounts::{AccountError, Person, Role};
use guichet::platform::blobs::{Blobs, Condition};
use guichet::platform::db::DatabaseUrl;
use guichet::platform::mail::MailStatus;
use guichet::privacy::erasing;
use guichet::privacy::erasure::{Erased, erase};
use guichet::schema::{attachments, erasures, events, mails, messages, tickets};
use guichet::tickets::events::TicketState;
use guichet::tickets::{Ticket, replay, tags_of};

use super::canaries::{CANARIES, Traced, files};
use crate::support::{PASSWORD, TestApp};

/// Every request is what its history makes of it.
fn replayed(app: &TestApp) -> usize {
    app.read(|conn| {
        let all: Vec<Ticket> = tickets::table.select(Ticket::as_select()).load(conn)?;
        for ticket in &all {
            let stored = TicketState {
                tags: tags_of(conn, ticket.id)?,
                ticket: ticket.clone(),
            };
            assert_eq!(
                replay(conn, ticket.id)?,
                Some(stored),
                "{}",
                ticket.reference
            );
        }
        Ok(all.len())
    })
}

/// What is written and attached on requests of others.
fn of_others(traced: &Traced) -> Vec<String> {
    let zora = traced.zora.id;
    traced.stage.portal.app.read(|conn| {
        let texts: Vec<String> = messages::table
            .inner_join(tickets::table)
            .filter(tickets::requester_id.ne(zora))
            .order(messages::id)
            .select(messages::html)
            .load(conn)?;
        let files: Vec<String> = attachments::table
            .inner_join(tickets::table)
            .filter(tickets::requester_id.ne(zora))
            .order(attachments::id)
            .select(attachments::sha256)
            .load(conn)?;
        let sent: Vec<String> = mails::table
            .filter(mails::to_address.ne(&traced.zora.email))
            .filter(mails::to_address.ne(Person::erased_address(zora)))
            .order(mails::id)
            .select(mails::data)
            .load(conn)?;
        Ok([texts, files, sent].concat())
    })
}

fn numbers(app: &TestApp) -> Vec<(String, String, i64, i64)> {
    app.read(|conn| {
        tickets::table
            .order(tickets::id)
            .select((
                tickets::reference,
                tickets::status,
                tickets::message_count,
                tickets::reopened_count,
            ))
            .load(conn)
    })
}

#[test]
fn no_trace_is_left_in_any_file() {
    let traced = Traced::new();
    let app = &traced.stage.portal.app;
    let (others, before) = (of_others(&traced), numbers(app));
    let last: i64 = app.read(|conn| events::table.count().get_result(conn));
    let updated: Vec<Ticket> =
        app.read(|conn| tickets::table.select(Ticket::as_select()).load(conn));

    let erased = traced.erase(false);

    let Erased {
        requests,
        texts,
        files: gone,
        mails: sent,
    } = erased;
    assert_eq!((requests, gone), (2, 3));
    assert!(texts >= 7 && sent >= 3, "{erased:?}");
    let found = traced.found();
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(of_others(&traced), others, "others' things are untouched");
    assert_eq!(numbers(app), before, "what is counted stays");
    assert_eq!(replayed(app), before.len());
    let now: Vec<Ticket> = app.read(|conn| tickets::table.select(Ticket::as_select()).load(conn));
    for (one, other) in updated.iter().zip(&now) {
        assert_eq!(one.updated_at, other.updated_at, "it is no activity");
    }
    // Nothing that happened is missing; what was taken out is recorded.
    let count: i64 = app.read(|conn| events::table.count().get_result(conn));
    assert!(count > last);
    let stays = Blobs::new(&app.site.settings.data_dir);
    let size = "shared.txt".len() as u64;
    assert_eq!(stays.condition(&traced.shared, size), Condition::Sound);
    let kept = app
        .find_person(&Person::erased_address(traced.zora.id))
        .expect("a number");
    assert!(kept.is_erased() && kept.password_hash.is_none() && kept.disabled_at.is_some());
    assert!(kept.name.contains(&kept.id.to_string()), "{}", kept.name);
}

#[test]
fn a_new_backup_knows_nothing_of_who_was_erased() {
    use guichet::platform::backup::{Source, write};
    let traced = Traced::new();
    traced.erase(false);
    let app = &traced.stage.portal.app;
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("new.tar");
    let settings = &app.site.settings;
    let source = Source {
        url: &settings.database_url,
        data_dir: &settings.data_dir,
        besides: Vec::new(),
        contents: app.site.contents.clone(),
        taken_at: app.site.db.now(),
    };
    write(&source, &target, false, &mut |_| {}).expect("a backup");
    let rows = crate::cli::backup_rows(&target);
    let text = format!("{rows:?}").to_lowercase();
    let found: Vec<_> = CANARIES
        .iter()
        .filter(|canary| text.contains(&canary.to_lowercase()))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn texts_that_a_law_keeps_stay_without_the_name() {
    let traced = Traced::new();
    let app = &traced.stage.portal.app;
    let before = numbers(app);
    traced.erase(true);
    let found: Vec<String> = traced.found().into_iter().collect();
    let is_left = |canary: &str| found.iter().any(|place| place.starts_with(canary));
    for gone in ["zorinabel", "quextramont", "zq.quex", "kwyjidraft"] {
        assert!(!is_left(gone), "{gone}: {found:#?}");
    }
    // The message that came with a file names it, and is one of the texts.
    for file in ["kwyjifile", "kwyjicontent"] {
        let elsewhere = found.iter().filter(|place| place.starts_with(file));
        let elsewhere = elsewhere
            .filter(|place| !place.ends_with("in messages") && !place.contains("guichet.db"));
        assert_eq!(elsewhere.count(), 0, "{file}: {found:#?}");
    }
    for kept in ["kwyjisubject", "kwyjibody", "kwyjianswer", "kwyjinote"] {
        assert!(is_left(kept), "{kept}");
    }
    assert_eq!(replayed(app), before.len());
}

#[test]
fn mails_that_waited_for_who_was_erased_never_leave() {
    let traced = Traced::new();
    let app = &traced.stage.portal.app;
    traced.erase(false);
    let address = Person::erased_address(traced.zora.id);
    let waiting: Vec<(MailStatus, String, String)> = app.read(|conn| {
        mails::table
            .filter(mails::to_address.eq(&address))
            .select((mails::status, mails::data, mails::subject))
            .load(conn)
    });
    assert!(waiting.len() >= 3);
    for (status, data, subject) in waiting {
        assert_eq!(
            (status, data.as_str(), subject.as_str()),
            (MailStatus::Dropped, "{}", "")
        );
    }
}

#[test]
fn an_agent_leaves_the_work_under_a_pseudonym() {
    let traced = Traced::new();
    let portal = &traced.stage.portal;
    let app = &portal.app;
    let (theo, how) = (
        portal.theo.id,
        erasing(&app.site, &app.site.company.get(), false),
    );
    let erased = app.write(move |tx| erase(tx, theo, &how));
    assert_eq!((erased.requests, erased.texts), (0, 0));
    let answers: i64 = app.read(|conn| {
        messages::table
            .filter(messages::author_id.eq(theo))
            .filter(messages::body.like("%kwyjianswer%"))
            .count()
            .get_result(conn)
    });
    assert_eq!(answers, 1, "the answer is the company's");
    let dump = format!("{:?}", crate::access::dump(app));
    assert!(!dump.contains("Marchand") && !dump.contains("theo@guichet.example"));
    app.run("erasures");
    if let DatabaseUrl::Sqlite(path) = &app.site.settings.database_url {
        let content = std::fs::read(path).expect("a file");
        let name = b"Marchand";
        assert!(!content.windows(name.len()).any(|part| part == name));
    }
    let browser = portal.browser(&traced.zora);
    let page = browser.get("/requests/GU-1002").expect(200);
    page.lacks("Marchand").has("kwyjianswer");
}

#[test]
fn the_last_manager_cannot_be_erased_and_nobody_comes_back() {
    let traced = Traced::new();
    let portal = &traced.stage.portal;
    let nadia = portal.nadia.clone();
    let refused = portal
        .app
        .site
        .db
        .write_blocking(nadia.actor(), move |tx| may_be_erased(tx, &nadia));
    assert!(matches!(refused, Err(AccountError::LastManager)));
    traced.erase(false);
    let zora = traced.zora.id;
    let opened = portal
        .app
        .site
        .db
        .write_blocking(portal.nadia.actor(), move |tx| enable(tx, zora).map(drop));
    assert!(matches!(opened, Err(AccountError::Erased)));
    // Erased once more, nothing happens.
    let before = crate::access::dump(&portal.app);
    assert_eq!(traced.erase(false), Erased::default());
    assert_eq!(crate::access::dump(&portal.app), before);
    // The address is free: who comes back is somebody new.
    let again = portal.add("zq.quextramont@tilleuls.example", "Zora", Role::Customer);
    assert_ne!(again.id, zora);
}

#[test]
fn a_manager_erases_with_both_hands() {
    let traced = Traced::new();
    let portal = &traced.stage.portal;
    let nadia = portal.browser(&portal.nadia);
    let path = format!("/manage/people/{}", traced.zora.id);
    let data = format!("{path}/data");
    nadia
        .get(&path)
        .expect(200)
        .click("Copy or erase")
        .expect(200)
        .at(&data);
    let erasure = format!("{path}/erasure");
    let fill = |confirmation: &str, password: &str| {
        nadia
            .get(&data)
            .form(&erasure)
            .fill("confirmation", confirmation)
            .fill("current_password", password)
            .submit_once()
    };
    fill("somebody@else.example", PASSWORD)
        .expect(422)
        .has("type zq.quextramont@");
    fill("zq.quextramont@tilleuls.example", "wrong").expect(422);
    let zora = portal.app.find_person("zq.quextramont@tilleuls.example");
    assert_eq!(zora.as_ref(), Some(&traced.zora), "nothing happened");
    fill(" ZQ.Quextramont@tilleuls.example ", PASSWORD).expect(303);
    let page = nadia.get(&path).expect(200);
    let page = page.has("Erased").lacks("Quextramont");
    assert!(
        !page.has_form(&format!("{path}/access")),
        "there is nobody to open it for"
    );
    nadia.get_once(&data).expect(303);
    let own = format!("/manage/people/{}/data", portal.nadia.id);
    let page = nadia.get(&own).expect(200).has("ask another manager");
    assert!(!page.has_form(&format!("/manage/people/{}/erasure", portal.nadia.id)));
    let count: i64 = portal
        .app
        .read(|conn| erasures::table.count().get_result(conn));
    assert_eq!(count, 1);
}

#[test]
fn the_list_of_erasures_names_nobody_and_is_beside_the_data() {
    let traced = Traced::new();
    traced.erase(false);
    let settings = &traced.stage.portal.app.site.settings;
    let list = std::fs::read_to_string(&settings.erasure_list).expect("a list");
    assert_eq!(list.lines().count(), 1);
    assert!(list.contains("\"cleared\":true"), "{list}");
    assert!(!list.to_lowercase().contains("quextramont"));
    assert!(files(&settings.data_dir).contains(&settings.erasure_list));
}

#[test]
fn contents_that_somebody_has_just_sent_wait_an_hour() {
    let traced = Traced::new();
    let app = &traced.stage.portal.app;
    let how = erasing(&app.site, &app.site.company.get(), false);
    let id = traced.zora.id;
    let kept: Vec<String> = app.read(|conn| {
        attachments::table
            .filter(attachments::name.like("kwyjifile%"))
            .select(attachments::sha256)
            .load(conn)
    });
    app.write(move |tx| erase(tx, id, &how));
    app.run("erasures");
    let blobs = Blobs::new(&app.site.settings.data_dir);
    assert!(blobs.path(&kept[0]).exists());
    traced.age_contents();
    app.run("draft-leftovers");
    assert!(!blobs.path(&kept[0]).exists());
}
