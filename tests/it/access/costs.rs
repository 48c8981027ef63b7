//! How many statements the pages cost: as many, however much there is to show.

use std::ops::Range;

use guichet::accounts::Role;
use guichet::tickets::{Status, Visibility};

use super::places::MORE_PLACES;
use super::rows::ROWS;
use super::stage::{Stage, article, attach, company, follow, label, team};
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
