//! How many statements the pages cost: as many, however much there is to show.

use std::ops::Range;

use guichet::accounts::Role;
use guichet::sla::calendar::Calendar;
use guichet::sla::calendars::CalendarInput;
use guichet::sla::calendars::commands::create_calendar;
use guichet::sla::policies::PolicyInput;
use guichet::sla::policies::commands::create_policy;
use guichet::sla::policy::{Policy, Target, Targets};
use guichet::tickets::conditions::Condition;
use guichet::tickets::{Priority, Status, Visibility};

use super::places::MORE_PLACES;
use super::rows::ROWS;
use super::stage::{Stage, article, attach, company, follow, label, team};
use crate::requests::portal::Portal;
use crate::support::{Browser, note_statements, queries};

/// Of everything there is, so many to begin with: a second page of articles is not empty, because
/// what there is none of is not asked about.
const FEW: usize = 11;
/// And so many in the end.
const MORE: usize = 22;

#[test]
fn no_page_costs_more_for_more_rows() {
    note_statements();
    let stage = Stage::new();
    let places: Vec<String> = ROWS
        .iter()
        .filter(|row| row.method == "GET")
        .map(|row| row.address)
        .chain(MORE_PLACES)
        .map(|address| stage.path(address))
        .collect();
    let browsers = ["guest", "owner", "agent", "manager"].map(|role| (role, stage.browser(role)));
    let costs = || -> Vec<usize> {
        let of = |browser: &Browser<'_>| places.iter().map(|p| cost(&stage, browser, p)).collect();
        let each: Vec<Vec<usize>> = browsers.iter().map(|(_, browser)| of(browser)).collect();
        each.concat()
    };
    multiply(&stage, 0..FEW);
    let few = costs();
    multiply(&stage, FEW..MORE);
    let many = costs();
    assert!(few.iter().sum::<usize>() > 200, "they are counted");
    let asked = browsers
        .iter()
        .flat_map(|(role, _)| places.iter().map(move |place| (role, place)));
    let dearer: Vec<String> = asked
        .zip(few.iter().zip(&many))
        .filter(|(_, (few, many))| many > few)
        .map(|((role, place), (few, many))| format!("{place} as {role}: {few}, then {many}"))
        .collect();
    assert!(dearer.is_empty(), "{}", dearer.join("\n"));
}

/// Statements of a page, once what is kept between requests is there.
fn cost(stage: &Stage, browser: &Browser<'_>, path: &str) -> usize {
    let ask = || {
        queries(&stage.portal.app);
        browser.get_once(path);
        queries(&stage.portal.app).len()
    };
    ask().min(ask())
}

fn multiply(stage: &Stage, numbers: Range<usize>) {
    let portal = &stage.portal;
    for n in numbers {
        let ticket = portal.file(&portal.claire, &format!("Sujet {n}"), "Texte.");
        label(portal, &ticket, &format!("etiquette-{n}"));
        portal.set(&ticket, [Status::Pending, Status::Resolved][n % 2]);
        for visibility in [Visibility::Public, Visibility::Note] {
            let name = format!("piece-{n}.txt");
            attach(portal, &stage.ticket, &portal.theo, visibility, &name);
        }
        let email: &'static str = format!("client-{n}@tilleuls.example").leak();
        let customer = portal.add(email, "Une Cliente", Role::Customer);
        let agent: &'static str = format!("agent-{n}@guichet.example").leak();
        let agent = portal.add(agent, "Un Agent", Role::Agent);
        team(portal, format!("Équipe {n}").leak(), Some(&agent));
        team(portal, format!("Groupe {n}").leak(), Some(&portal.theo));
        company(portal, format!("Société {n}").leak(), &[&customer]);
        portal.session(&portal.claire);
        promised(portal, n);
        article(
            portal,
            &format!("en/section-{n}/_section.md"),
            &format!("---\ntitle: Section {n}\n---\n"),
        );
        for folder in ["net".to_owned(), format!("section-{n}")] {
            article(
                portal,
                &format!("en/{folder}/line-{n}.md"),
                &format!("---\ntitle: \"The line {n} drops in {folder}\"\n---\n\nLook.\n"),
            );
        }
    }
    follow(portal);
}

/// One more calendar, and one more policy that goes by it.
fn promised(portal: &Portal, n: usize) {
    portal.app.write(move |tx| {
        let hours = "mon-fri 09:00-18:00".parse().expect("hours");
        let content = Calendar::of_week(chrono_tz::Europe::Paris, hours);
        let name = format!("Horaires {n}");
        let calendar = create_calendar(tx, &CalendarInput { name, content }).expect("a name");
        let targets = Targets {
            first: Some(Target::Working(240)),
            ..Targets::default()
        };
        let content = Policy {
            calendar,
            condition: Condition::always(),
            targets: Priority::ALL.iter().map(|&p| (p, targets)).collect(),
            pauses: vec![Status::Pending],
        };
        let name = format!("Délai {n}");
        create_policy(tx, &PolicyInput { name, content }).map(drop)
    });
}
