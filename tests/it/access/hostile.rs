//! Text that would like to be a page: put wherever somebody can write, then looked for on every
//! page.

use guichet::accounts::Role;
use guichet::platform::text::clean_line;
use guichet::tickets::commands::StatusAfter;
use guichet::tickets::{Status, Tag, Visibility};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::{Html, Selector};

use super::quiet::crawl;
use super::stage::{Stage, article, attach, company, follow, label, team};
use crate::support::Page;

/// Ends an attribute, a text area, a title, a script and a comment; none of it may come out as
/// more than letters.
const HOSTILE: &str =
    "\"'><x-canary onpointerover=alert(1) a='--></textarea></title></script><x-canary>{{7*7}}";

const NAME: &str = "\"'><x-canary onfocus=alert(1) autofocus>";

fn fill(stage: &Stage) {
    let portal = &stage.portal;
    // A person, a company, a team.
    let person = portal.add("hostile@verger.example", NAME, Role::Customer);
    company(portal, NAME, &[&person]);
    team(portal, HOSTILE, Some(&portal.theo));
    // Requests, files, labels: one of Claire's, so that customers see them, too.
    for who in [&portal.claire, &person] {
        let ticket = portal.file(who, HOSTILE, HOSTILE);
        attach(
            portal,
            &ticket,
            who,
            Visibility::Public,
            &format!("{NAME}.txt"),
        );
        portal.note(&ticket, HOSTILE);
        if Tag::parse(NAME).is_some() {
            label(portal, &ticket, NAME);
        }
    }
    // A kind of request, as a manager makes it.
    let nadia = stage.browser("manager");
    let page = nadia.get("/manage/request-types/new").expect(200);
    page.form("/manage/request-types")
        .fill("name_fr", NAME)
        .fill("name_en", NAME)
        .fill("hint_en", NAME)
        .fill("slug", "hostile")
        .submit()
        .expect(200);
    // Articles are written by editors, who are trusted with Markdown and with nothing else.
    let quoted = HOSTILE.replace('\\', "\\\\").replace('"', "\\\"");
    let section = format!("---\ntitle: \"{quoted}\"\n---\n");
    article(portal, "en/hostile/_section.md", &section);
    let text = format!(
        "---\ntitle: \"{quoted}\"\nsummary: \"{quoted}\"\naudience: public\n\
         questions:\n  - \"{quoted}\"\n---\n\n# {HOSTILE}\n\n{HOSTILE}\n\n[{HOSTILE}](javascript:alert(1))\n"
    );
    article(portal, "en/hostile/line-hostile.md", &text);
    article(
        portal,
        "en/hostile/broken.md",
        &format!("---\ntitle: \"x\"\naudience: \"{quoted}\"\n---\n"),
    );
    follow(portal);
    portal.run("ticket index");
}

/// What a page was made to do by a text.
fn came_alive(html: &str) -> Vec<String> {
    let html = Html::parse_document(html);
    let all = Selector::parse("*").expect("a selector");
    let mut found = Vec::new();
    for element in html.select(&all) {
        let name = element.value().name();
        let script = name == "script"
            && element.attr("src").is_none()
            && element.attr("type") != Some("application/json");
        if name == "x-canary" || script {
            found.push(name.to_owned());
        }
        for (attribute, value) in element.value().attrs() {
            let runs = value.trim_start().to_lowercase().starts_with("javascript:");
            if attribute.starts_with("on") || attribute == "autofocus" && name != "input" || runs {
                found.push(format!("{name} {attribute}={value}"));
            }
        }
    }
    found
}

#[test]
fn no_text_of_anybody_becomes_part_of_a_page() {
    let query = utf8_percent_encode(&clean_line(HOSTILE), NON_ALPHANUMERIC).to_string();
    let mut seen = 0;
    for role in ["guest", "owner", "agent", "manager"] {
        let stage = Stage::new();
        fill(&stage);
        let browser = stage.browser(role);
        let mut pages = crawl(&stage, &browser);
        for path in [
            "/en/search?q=",
            "/fr/search?q=",
            "/requests?q=",
            "/desk/search?q=",
            "/desk/views/open?q=",
            "/manage/people?q=",
            "/manage/outbox?q=",
            "/requests/new?subject=",
            "/sign-in?return_to=/",
            "/",
        ] {
            pages.push(browser.get(&format!("{path}{query}")));
        }
        // What was typed comes back with what is wrong with it.
        let form = browser.get("/requests/new").form("/requests");
        pages.push(form.fill("subject", &HOSTILE.repeat(5)).submit_once());
        let html = |page: &&Page<'_>| {
            let kind = page.header("Content-Type").unwrap_or_default();
            kind.starts_with("text/html")
        };
        for page in pages.iter().filter(html) {
            seen += usize::from(page.html().contains("x-canary"));
            let alive = came_alive(&page.html());
            assert!(alive.is_empty(), "{} as {role}: {alive:?}", page.path);
            assert!(!page.html().contains(">49<"), "{} as {role}", page.path);
        }
    }
    assert!(seen > 40, "the text is hardly anywhere: {seen}");
}

#[test]
fn no_text_of_anybody_becomes_part_of_a_mail() {
    let stage = Stage::new();
    fill(&stage);
    let portal = &stage.portal;
    // To Claire, whose address is proven: what is said to her is repeated.
    let ticket = portal.file(&portal.claire, HOSTILE, HOSTILE);
    portal.answer(&ticket, HOSTILE, StatusAfter::Keep);
    portal.answer(&ticket, HOSTILE, StatusAfter::Set(Status::Resolved));
    // To somebody of whom nothing is known but what a stranger says.
    let guest = stage.browser("guest");
    let form = guest.get("/requests/new").form("/requests");
    form.fill("request_type", &portal.question())
        .fill("subject", HOSTILE)
        .fill("body", HOSTILE)
        .fill("name", NAME)
        .fill("email", "jeanne@verger.example")
        .submit_once()
        .expect(303);
    let mut seen = 0;
    for mail in portal.app.mails() {
        let composed = portal.app.compose(&mail);
        let alive = came_alive(&composed.html);
        assert!(alive.is_empty(), "{}: {alive:?}", mail.kind);
        assert!(!composed.html.contains(">49<"), "{}", mail.kind);
        assert!(!composed.subject.contains(['\r', '\n']), "{}", mail.kind);
        seen += usize::from(composed.html.contains("x-canary"));
    }
    assert!(seen >= 3, "the text is in hardly any mail: {seen}");
}
