//! What each setting changes for whoever reads meanwhile: the program goes on running.

use guichet::platform::company::{Group, Key};
use guichet::platform::i18n::Lang;
use guichet::platform::mail::file_name;
use guichet::sla::calendars::queries::list_calendars;
use guichet::tickets::{Status, Ticket};
use rocket::http::Header;

use super::PNG;
use crate::requests::portal::Portal;
use crate::support::{Browser, File, FilledForm, Page, TestApp};

/// A setting as somebody else sees it.
struct Effect {
    key: Key,
    /// What a manager chooses on the page of its group.
    choose: fn(FilledForm<'_>) -> FilledForm<'_>,
    /// What the other one sees.
    look: fn(&Scene) -> String,
    /// What they see before and no longer after; empty for nothing.
    before: &'static str,
    /// What they see after and not before.
    after: &'static str,
}

/// A portal with two requests of Claire's: the first just filed, the other resolved.
struct Scene {
    portal: Portal,
    filed: Ticket,
    resolved: Ticket,
}

impl Scene {
    fn new() -> Self {
        let app = TestApp::with(|settings| settings.company.set(Key::Phone, "01 99 00 12 34"));
        let portal = Portal::on(app);
        // A minute after four.
        let filed = portal.file(&portal.claire, "Sujet", "Texte.");
        let resolved = portal.file(&portal.claire, "Autre sujet", "Texte.");
        portal.set(&resolved, Status::Resolved);
        Self {
            portal,
            filed,
            resolved,
        }
    }

    /// Has a manager change something in a group of settings.
    fn choose(&self, group: Group, choose: impl Fn(FilledForm<'_>) -> FilledForm<'_>) {
        let manager = self.portal.browser(&self.portal.nadia);
        let (page, action) = if group.has_form() {
            let path = format!("/manage/settings/{group}");
            (path.clone(), path)
        } else {
            let calendar = self.portal.app.read(list_calendars)[0].id;
            let path = format!("/manage/calendars/{calendar}");
            (path.clone(), format!("{path}/shown"))
        };
        let form = manager.get(&page).expect(200).form(&action);
        choose(form).submit().expect(200);
    }

    fn guest(&self) -> Browser<'_> {
        self.portal.app.browser()
    }
}

const IDENTITY: [Effect; 5] = [
    Effect {
        key: Key::CompanyName,
        choose: |form| form.fill("company_name", "Orvelle"),
        look: |scene| scene.guest().get("/fr").all(".brand-name").concat(),
        before: "Guichet",
        after: "Orvelle",
    },
    Effect {
        key: Key::CompanySuffix,
        choose: |form| form.fill("company_suffix", "Secours"),
        look: |scene| scene.guest().get("/fr").all(".brand-suffix").concat(),
        before: "",
        after: "Secours",
    },
    Effect {
        key: Key::Logo,
        choose: |form| form.attach("logo_file", File::new("logo.png", "image/png", PNG)),
        look: |scene| {
            let guest = scene.guest();
            guest.get("/fr").attributes(".brand-logo", "src").concat()
        },
        before: "",
        after: "/brand/logo/",
    },
    Effect {
        key: Key::AccentLight,
        choose: |form| form.fill("accent_light", "#14532d"),
        look: colours,
        before: "",
        after: "light-dark(#14532d,",
    },
    Effect {
        key: Key::AccentDark,
        choose: |form| form.fill("accent_dark", "#86efac"),
        look: colours,
        before: "",
        after: ", #86efac)",
    },
];

const LANGUAGES: [Effect; 3] = [
    Effect {
        key: Key::Languages,
        choose: |form| form.untick("languages", "en"),
        look: |scene| {
            let guest = scene.guest();
            guest
                .get("/")
                .attributes(".languages a", "hreflang")
                .concat()
        },
        before: "en",
        after: "",
    },
    Effect {
        key: Key::DefaultLanguage,
        choose: |form| form.fill("default_language", "en"),
        // Somebody who reads neither.
        look: |scene| {
            let guest = scene.guest();
            let page = guest.get_with("/", Header::new("Accept-Language", "de"));
            page.attributes("html", "lang").concat()
        },
        before: "fr",
        after: "en",
    },
    Effect {
        key: Key::TimeZone,
        choose: |form| form.fill("time_zone", "America/New_York"),
        look: |scene| request(scene, &scene.filed),
        before: "4:01 pm",
        after: "10:01 am",
    },
];

const CONTACT: [Effect; 4] = [
    Effect {
        key: Key::Phone,
        choose: |form| form.fill("phone", "01 99 00 12 99"),
        look: |scene| first_page(scene, Lang::Fr),
        before: "01 99 00 12 34",
        after: "01 99 00 12 99",
    },
    Effect {
        key: Key::SupportHours,
        // A manager shows the hours of a calendar.
        choose: |form| form,
        look: |scene| first_page(scene, Lang::Fr),
        before: "",
        after: "9 h 00 – 18 h 00",
    },
    Effect {
        key: Key::HoursNoteFr,
        choose: |form| form.fill("hours_note_fr", "Fermé en août."),
        look: |scene| first_page(scene, Lang::Fr),
        before: "",
        after: "Fermé en août.",
    },
    Effect {
        key: Key::HoursNoteEn,
        choose: |form| form.fill("hours_note_en", "Closed in August."),
        look: |scene| first_page(scene, Lang::En),
        before: "",
        after: "Closed in August.",
    },
];

const MAIL: [Effect; 1] = [Effect {
    key: Key::MailFrom,
    choose: |form| {
        let form = form.fill("sender_name", "Orvelle");
        form.fill("sender_address", "aide@orvelle.example")
    },
    look: sender,
    before: "guichet@localhost",
    after: "aide@orvelle.example",
}];

const LIMITS: [Effect; 3] = [
    Effect {
        key: Key::MaxFileMb,
        choose: |form| form.fill("max_file_mb", "1"),
        look: |scene| sent(scene, &[1_000_001]),
        before: "/requests/GU-",
        after: "larger than 1 MB",
    },
    Effect {
        key: Key::MaxFiles,
        choose: |form| form.fill("max_files", "1"),
        look: |scene| sent(scene, &[1, 2]),
        before: "/requests/GU-",
        after: "2 files are too many",
    },
    Effect {
        key: Key::ConfirmAfterDays,
        choose: |form| form.fill("confirm_after_days", "9"),
        // Resolved on Thursday 19 November.
        look: |scene| request(scene, &scene.resolved),
        before: "Monday",
        after: "28 Nov",
    },
];

fn first_page(scene: &Scene, lang: Lang) -> String {
    let guest = scene.portal.app.browser_in(lang);
    guest.get(&format!("/{lang}")).expect(200).text()
}

/// The company's colours, as the first page has them.
fn colours(scene: &Scene) -> String {
    let guest = scene.guest();
    let sheets = guest
        .get("/fr")
        .expect(200)
        .attributes("link[rel=stylesheet]", "href");
    let own = sheets.iter().filter(|href| href.starts_with("/brand/"));
    own.map(|href| guest.get(href).expect(200).html()).collect()
}

/// A request as its customer reads it.
fn request(scene: &Scene, ticket: &Ticket) -> String {
    let claire = scene.portal.browser(&scene.portal.claire);
    let page = claire.get(&format!("/requests/{}", ticket.reference));
    page.expect(200).text()
}

/// From whom a mail comes that a manager has sent.
fn sender(scene: &Scene) -> String {
    let portal = &scene.portal;
    let nadia = portal.browser(&portal.nadia);
    let form = nadia.get("/manage/outbox").form("/manage/outbox/tests");
    form.submit().expect(200);
    portal.run("mail");
    let mail = portal.app.last_mail_to(&portal.nadia.email);
    let folder = portal.app.site.settings.data_dir.join("outbox");
    let message = std::fs::read(folder.join(file_name(&mail))).expect("it left");
    let message = mail_parser::MessageParser::default().parse(&message);
    let message = message.expect("a mail");
    let from = message.from().and_then(|from| from.first());
    let address = from.and_then(|from| from.address());
    address.expect("a sender").to_owned()
}

/// Where Claire is, and what she reads, once she has sent files of these sizes.
fn sent(scene: &Scene, sizes: &[usize]) -> String {
    let claire = scene.portal.browser(&scene.portal.claire);
    let page = with_files(&scene.portal, &claire, sizes);
    format!("{} {}", page.path, page.text())
}

fn with_files<'b>(portal: &Portal, browser: &'b Browser<'b>, sizes: &[usize]) -> Page<'b> {
    let form = browser
        .get("/requests/new")
        .expect(200)
        .form("/requests")
        .fill("request_type", &portal.question())
        .fill("subject", "Sujet")
        .fill("body", "Texte.");
    let attach = |form: FilledForm<'b>, &size: &usize| {
        let file = File::new(&format!("{size}.txt"), "text/plain", vec![b'x'; size]);
        form.attach("files", file)
    };
    sizes.iter().fold(form, attach).submit()
}

#[track_caller]
fn assert_shows(key: Key, seen: &str, wanted: &str, unwanted: &str) {
    assert!(seen.contains(wanted), "{key}: no {wanted:?} in {seen}");
    assert!(
        unwanted.is_empty() || !seen.contains(unwanted),
        "{key}: {unwanted:?} in {seen}"
    );
}

#[test]
fn every_setting_shows_without_a_restart() {
    let groups: [&[Effect]; 5] = [&IDENTITY, &LANGUAGES, &CONTACT, &MAIL, &LIMITS];
    for &key in Key::ALL {
        let mut effects = groups.into_iter().flatten();
        let Some(effect) = effects.find(|effect| effect.key == key) else {
            panic!("nobody looks at what {key} changes");
        };
        let Effect { before, after, .. } = *effect;
        let scene = Scene::new();
        assert_shows(key, &(effect.look)(&scene), before, after);
        scene.choose(key.group(), effect.choose);
        let company = scene.portal.app.site.company.get();
        assert!(company.chosen(key).is_some(), "{key} was not chosen");
        assert_shows(key, &(effect.look)(&scene), after, before);
    }
}

#[test]
fn the_largest_file_is_as_large_as_was_set_last() {
    let scene = Scene::new();
    let portal = &scene.portal;
    let (french, english) = (
        portal.browser(&portal.claire),
        portal.browser(&portal.claire),
    );
    french.get("/language/fr");
    let limit = |megabytes: &str| {
        scene.choose(Group::Limits, |form| form.fill("max_file_mb", megabytes));
    };
    let over = [1_000_001];
    limit("1");
    with_files(portal, &french, &over)
        .expect(422)
        .has("Pièces jointes : « 1000001.txt » dépasse 1 Mo.");
    with_files(portal, &english, &over)
        .expect(422)
        .has("Attachments: “1000001.txt” is larger than 1 MB.");
    with_files(portal, &english, &[1_000_000]).expect(200);
    limit("2");
    for browser in [&french, &english] {
        let page = with_files(portal, browser, &over).expect(200);
        assert!(page.path.starts_with("/requests/GU-"), "{}", page.path);
    }
}
