//! Business calendars, as managers keep them.

use guichet::accounts::Role;
use guichet::platform::company::Key;
use guichet::platform::events::list_events;
use guichet::platform::i18n::Lang;
use guichet::sla::calendars::commands::{STREAM, ensure_calendar};
use guichet::sla::calendars::queries::{get_version, list_calendars, list_versions};
use guichet::sla::calendars::{CalendarRow, CalendarVersion};

use crate::support::{Browser, File, FilledForm, TestApp};

const NADIA: &str = "nadia@support.example";
const LIST: &str = "/manage/calendars";

/// The hours of a sales force in France.
const OFFICE: &str = "mon-thu 08:30-12:30 13:30-18:00, fri 08:30-12:30 13:30-17:00";

fn app() -> TestApp {
    // Hours stand beside the number that is answered.
    let app = TestApp::with(|settings| settings.company.set(Key::Phone, "01 99 00 12 34"));
    app.person(NADIA, Role::Manager);
    app
}

fn manager(app: &TestApp) -> Browser<'_> {
    let browser = app.browser();
    browser.sign_in(NADIA);
    browser
}

/// The calendar that is there from the start.
fn first(app: &TestApp) -> CalendarRow {
    app.read(list_calendars).remove(0)
}

fn current(app: &TestApp) -> CalendarVersion {
    let row = first(app);
    app.read(|conn| get_version(conn, row.id, row.version))
}

fn path(app: &TestApp) -> String {
    format!("{LIST}/{}", first(app).id)
}

fn form<'b>(app: &TestApp, browser: &'b Browser<'_>) -> FilledForm<'b> {
    let path = path(app);
    browser.get(&path).expect(200).form(&path)
}

/// The week of the sales force, as somebody would type it.
fn office(form: FilledForm<'_>) -> FilledForm<'_> {
    let form = ["mon", "tue", "wed", "thu"]
        .into_iter()
        .fold(form, |form, day| form.fill(day, "8h30-12h30, 13h30-18h"));
    form.fill("fri", "8 h 30 – 12 h 30 et 13 h 30 à 17 h")
        .fill("sat", "")
}

#[test]
fn there_is_a_calendar_from_the_start_and_its_hours_are_not_shown() {
    let app = app();
    let row = first(&app);
    assert!(row.follows_file && !row.shown);
    assert_eq!(
        current(&app).content.week.to_string(),
        "mon-fri 09:00-18:00"
    );
    assert!(app.site.company.get().hours.is_empty());
    let nadia = manager(&app);
    nadia
        .get(LIST)
        .expect(200)
        .has("Support")
        .has("Lundi au vendredi")
        .has("9 h 00 – 18 h 00")
        .has("France");
}

#[test]
fn a_week_is_typed_looked_at_saved_and_shown_to_customers() {
    let app = app();
    let nadia = manager(&app);
    let page = office(form(&app, &nadia))
        .press("deed", "preview")
        .submit_once()
        .expect(200)
        .has("pas encore enregistré")
        .has("41 h 30 ouvrées");
    // Nothing is kept by looking.
    assert_eq!(first(&app).version, 1);
    // What was typed is in the form still.
    office(page.form(&path(&app)))
        .fill("holidays", "24/12 Réveillon")
        .fill("exceptions", "2026-11-20 8h30-12h Inventaire")
        .submit()
        .expect(200)
        .has("enregistré")
        .has("Version 2")
        .has("Inventaire");
    let now = current(&app);
    assert_eq!(now.content.week.to_string(), OFFICE);
    assert_eq!(now.content.holidays[0].date.to_string(), "12-24");
    assert!(now.author.is_some() && !first(&app).follows_file);

    app.browser().get("/fr").lacks("8 h 30 – 12 h 30");
    let show = format!("{}/shown", path(&app));
    nadia.get(&path(&app)).form(&show).submit().expect(200);
    for (lang, hours) in [
        (Lang::Fr, "8 h 30 – 12 h 30, 13 h 30 – 17 h 00"),
        (Lang::En, "8:30 am – 12:30 pm, 1:30 pm – 5:00 pm"),
    ] {
        let guest = app.browser_in(lang);
        guest.get(&format!("/{lang}")).expect(200).has(hours);
    }
    // A change of the calendar is a change of what is shown, and of nothing else.
    form(&app, &nadia).fill("fri", "").submit().expect(200);
    app.browser()
        .get("/fr")
        .has("Lundi au jeudi")
        .lacks("17 h 00");
    nadia
        .get("/manage/settings/contact")
        .has("Lundi au jeudi")
        .click("Ouvrir les calendriers")
        .at(LIST);
    nadia.get(&path(&app)).form(&show).submit().expect(200);
    app.browser().get("/fr").lacks("Lundi au jeudi");
    let kinds: Vec<String> = app
        .read(|conn| list_events(conn, STREAM, first(&app).id.0))
        .into_iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, ["created", "changed", "shown", "changed", "hidden"]);
}

#[test]
fn holidays_have_their_names_in_the_preview() {
    let app = app();
    // Monday 21 December 2026.
    app.advance(chrono::Duration::days(32));
    let english = app.browser_in(Lang::En);
    english.sign_in(NADIA);
    english.get("/language/en");
    let page = english.get(&path(&app)).expect(200);
    page.has("Christmas Day").has("New Year’s Day");
    let nadia = manager(&app);
    nadia.get("/language/fr");
    form(&app, &nadia)
        .fill("public", "alsace_moselle")
        .press("deed", "preview")
        .submit_once()
        .has("Noël")
        .has("Saint-Étienne");
}

#[test]
fn what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost() {
    let app = app();
    let nadia = manager(&app);
    for (field, value, words) in [
        (
            "mon",
            "8h-12h, 11h-18h",
            "Lundi : 8 h 00 – 12 h 00 et 11 h 00 – 18 h 00 se chevauchent",
        ),
        ("tue", "9h-9h", "n’a aucune durée"),
        ("wed", "le matin", "Mercredi : écrivez les heures"),
        (
            "sun",
            "22h-10h",
            "se prolonge jusque dans 9 h 00 – 18 h 00 du lundi",
        ),
        ("name", " ", "emplissez ce champ"),
        (
            "holidays",
            "2026-12-24 Noël\n30/02 Rien",
            "Ligne 2 (30/02 Rien)",
        ),
        (
            "holidays",
            "2200-01-01 Rien",
            "donnez une année de 1970 à 2199",
        ),
        ("exceptions", "2026-12-24 matin Rien", "Ligne 1"),
        (
            "exceptions",
            "1969-12-31 9h-12h Rien",
            "donnez une année de 1970 à 2199",
        ),
        ("zone", "Mars/Base", "Ce choix n’existe pas"),
    ] {
        let page = form(&app, &nadia).forge(field, value).submit_once();
        let page = page.expect(422).has(words);
        let again = page.form(&path(&app));
        if field != "zone" {
            assert_eq!(again.value(field), Some(value), "{field}");
        }
        assert!(
            page.attributes(&format!("#{field}"), "aria-invalid") == ["true"],
            "{field}"
        );
    }
    let mut never = form(&app, &nadia);
    for day in ["mon", "tue", "wed", "thu", "fri"] {
        never = never.fill(day, "fermé");
    }
    never.submit_once().expect(422).has("n’ouvre jamais");
    assert_eq!(first(&app).version, 1);
}

#[test]
fn two_managers_do_not_overwrite_one_another() {
    let app = app();
    app.person("amina@support.example", Role::Manager);
    let (nadia, amina) = (manager(&app), app.browser());
    amina.sign_in("amina@support.example");
    let late = form(&app, &nadia).fill("sat", "9h-12h");
    form(&app, &amina)
        .fill("fri", "9h-12h")
        .submit()
        .expect(200);
    let page = late.submit_once().expect(409).has("amina");
    let again = page.form(&path(&app));
    assert_eq!(again.value("sat"), Some("9h-12h"));
    again.submit().expect(200);
    assert_eq!(
        current(&app).content.week.to_string(),
        "mon-fri 09:00-18:00, sat 09:00-12:00"
    );
    assert_eq!(first(&app).version, 3);
}

#[test]
fn a_version_of_the_past_is_read_and_taken_back() {
    let app = app();
    let nadia = manager(&app);
    office(form(&app, &nadia)).submit().expect(200);
    let version = format!("{}/versions/1", path(&app));
    nadia
        .get(&path(&app))
        .click("Version 1")
        .at(&version)
        .has("9 h 00 – 18 h 00")
        .form(&version)
        .submit()
        .expect(200)
        .has("Version 3");
    let row = first(&app);
    let numbers = app.read(|conn| list_versions(conn, row.id, 10));
    assert_eq!(
        numbers.iter().map(|v| v.number).collect::<Vec<_>>(),
        [3, 2, 1]
    );
    assert_eq!(
        current(&app).content.week.to_string(),
        "mon-fri 09:00-18:00"
    );
    nadia.get(&format!("{}/versions/9", path(&app))).expect(404);
}

#[test]
fn holidays_come_out_of_a_file_into_the_form() {
    let app = app();
    let nadia = manager(&app);
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261228\r\n\
               DTEND;VALUE=DATE:20261230\r\nSUMMARY:Fermeture\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n\
               DTSTART:20261201T090000Z\r\nSUMMARY:Réunion\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let action = format!("{}/import", path(&app));
    let send = |content: &str| {
        let form = nadia.get(&path(&app)).form(&action);
        let file = File::new("jours.ics", "text/calendar", content.as_bytes());
        form.attach("file", file).submit_once()
    };
    let page = send(ics)
        .expect(200)
        .has("2 jours sont ajoutés au formulaire, 0 y étaient déjà")
        .has("Réunion");
    assert_eq!(first(&app).version, 1, "nothing is kept yet");
    let form = page.form(&path(&app));
    assert_eq!(
        form.value("holidays"),
        Some("2026-12-28 Fermeture\n2026-12-29 Fermeture")
    );
    form.submit().expect(200);
    assert_eq!(current(&app).content.holidays.len(), 2);
    send(ics).has("0 jour est ajouté au formulaire, 2 y étaient déjà");

    send("date;nom").expect(422).has("BEGIN:VCALENDAR");
    send("BEGIN:VCALENDAR\nBEGIN:VEVENT\n")
        .expect(422)
        .has("La ligne 2");
    send(&"x".repeat(600_000)).expect(422).has("512 Ko");
    let bare = nadia.get(&path(&app)).form(&action).submit_once();
    bare.expect(422).has("Choisissez d’abord un fichier");
}

#[test]
fn calendars_are_added_and_put_away_and_one_remains() {
    let app = app();
    let nadia = manager(&app);
    let archive = |id: String| {
        let path = format!("{LIST}/{id}");
        let action = format!("{path}/archive");
        nadia.get(&path).form(&action).submit().expect(200)
    };
    archive(first(&app).id.to_string()).has("C’est le seul calendrier");
    let add = |name: &str| {
        let form = nadia.get(&format!("{LIST}/new")).expect(200).form(LIST);
        form.fill("name", name).submit_once()
    };
    add("SUPPORT").expect(422).has("Un autre calendrier");
    add("Astreinte").expect(303);
    assert_eq!(app.read(list_calendars).len(), 2);
    archive(first(&app).id.to_string()).has("archivé");
    assert!(app.read(list_calendars)[1].archived_at.is_some());
    archive(app.read(list_calendars)[1].id.to_string()).has("Archiver");
}

#[test]
fn the_hours_of_the_file_hold_until_a_manager_changes_them() {
    let app = TestApp::with(|settings| {
        settings.company.set(Key::SupportHours, OFFICE);
        settings.company.set(Key::TimeZone, "Indian/Reunion");
        settings.company.set(Key::Phone, "01 99 00 12 34");
    });
    app.person(NADIA, Role::Manager);
    assert!(first(&app).shown && first(&app).follows_file);
    assert_eq!(current(&app).content.zone, chrono_tz::Indian::Reunion);
    assert_eq!(app.site.company.get().hours.to_string(), OFFICE);
    app.browser().get("/fr").has("Lundi au jeudi");
    // The program is started again, and the file says the same: nothing happens.
    let file = app.site.settings.company.clone();
    app.write(move |tx| ensure_calendar(tx, &file));
    assert_eq!(first(&app).version, 1);
    let nadia = manager(&app);
    nadia.get(&path(&app)).has("suit Rocket.toml");
    form(&app, &nadia).fill("fri", "").submit().expect(200);
    assert!(!first(&app).follows_file);
    app.browser().get("/fr").lacks("Vendredi");
}

#[test]
fn only_managers_find_the_pages() {
    let app = app();
    app.person("lea@support.example", Role::Agent);
    let browser = app.browser();
    browser.sign_in("lea@support.example");
    browser.get(LIST).expect(404);
    browser.get(&path(&app)).expect(404);
}
