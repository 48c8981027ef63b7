//! The demonstration: a whole company made by the program's own commands.

use diesel::prelude::*;
use guichet::accounts::PersonId;
use guichet::accounts::Role;
use guichet::demo::{self, Plan, SignIns};
use guichet::platform::db::Timestamp;
use guichet::platform::i18n::Lang;
use guichet::schema::{
    attachments, deflections, events, mails, organisations, people, request_types, team_members,
    teams, tickets,
};
use guichet::teams::TeamId;
use guichet::tickets::counts::TicketCounts;
use guichet::tickets::queries::{DeskFilter, DeskView, Owner, count_stages, count_view};
use guichet::tickets::{Stage, Status, Ticket, TicketId, replay, tags_of};

use crate::support::TestApp;

/// A program with a demonstration of forty tickets.
struct Demo {
    app: TestApp,
    sign_ins: SignIns,
}

impl Demo {
    fn with(seed: u64) -> Self {
        let app = TestApp::with(|settings| {
            let home = demo::Home::new(&settings.data_dir);
            home.begin().expect("the articles are written");
            let database = settings.database_url.clone();
            *settings = home.furnish(settings.clone(), false);
            assert_eq!(settings.database_url.to_string(), database.to_string());
        });
        let plan = Plan {
            tickets: 40,
            seed,
            now: app.clock.now(),
        };
        let sign_ins = SignIns::draw();
        demo::fill(&app.site, &plan, &sign_ins).expect("the world is made");
        Self { app, sign_ins }
    }

    fn tickets(&self) -> Vec<Ticket> {
        self.app.read(|conn| {
            tickets::table
                .order(tickets::id.asc())
                .select(Ticket::as_select())
                .load(conn)
        })
    }
}

#[test]
fn a_company_of_the_promised_size() {
    let demo = Demo::with(7);
    let app = &demo.app;
    let count_people = |role: Role| {
        app.read(|conn| {
            people::table
                .filter(people::role.eq(role))
                .count()
                .get_result::<i64>(conn)
        })
    };
    assert_eq!(count_people(Role::Customer), 60);
    assert_eq!(count_people(Role::Agent) + count_people(Role::Manager), 8);
    assert_eq!(count_people(Role::Manager), 1);
    app.read(|conn| {
        assert_eq!(organisations::table.count().get_result(conn), Ok(12_i64));
        assert_eq!(teams::table.count().get_result(conn), Ok(4_i64));
        assert_eq!(request_types::table.count().get_result(conn), Ok(6_i64));
        assert_eq!(tickets::table.count().get_result(conn), Ok(40_i64));
        let members: i64 = team_members::table.count().get_result(conn)?;
        assert!(members > 8, "some work in two teams");
        let files: i64 = attachments::table.count().get_result(conn)?;
        assert!(files > 3, "{files}");
        let read: i64 = deflections::table
            .filter(deflections::ticket_id.is_not_null())
            .count()
            .get_result(conn)?;
        assert!(read > 3, "{read}");
        Ok(())
    });
}

#[test]
fn requests_stand_at_every_stage_and_nobody_was_written_to() {
    let demo = Demo::with(7);
    let tickets = demo.tickets();
    for status in [
        Status::New,
        Status::Open,
        Status::Pending,
        Status::Resolved,
        Status::Closed,
    ] {
        let count = tickets.iter().filter(|t| t.status == status).count();
        assert!(count > 0, "none is {status}");
    }
    let now = demo.app.clock.now();
    for ticket in &tickets {
        assert!(ticket.created_at < now && ticket.updated_at <= now);
        assert!(ticket.created_at > now - chrono::Duration::days(92));
    }
    assert!(tickets.is_sorted_by_key(|ticket| ticket.created_at));
    let queued = demo
        .app
        .read(|conn| mails::table.count().get_result::<i64>(conn));
    assert_eq!(queued, 0);
}

#[test]
fn every_ticket_is_what_its_history_says() {
    let demo = Demo::with(7);
    for ticket in demo.tickets() {
        let (replayed, tags) = demo.app.read(|conn| {
            let state = replay(conn, ticket.id)?.expect("a ticket has a history");
            Ok((state, tags_of(conn, ticket.id)?))
        });
        assert_eq!(replayed.ticket, ticket);
        assert_eq!(replayed.tags, tags);
    }
}

#[test]
fn histories_grow_with_time() {
    let demo = Demo::with(7);
    let times: Vec<Timestamp> = demo.app.read(|conn| {
        events::table
            .filter(events::stream.eq("ticket"))
            .order(events::id.asc())
            .select(events::at)
            .load(conn)
    });
    assert!(times.len() > 200, "{}", times.len());
    assert!(times.is_sorted());
}

#[test]
fn the_same_seed_makes_the_same_world() {
    let seen = |demo: &Demo| {
        let tickets: Vec<(TicketId, String, String, Status, i64)> = demo
            .tickets()
            .into_iter()
            .map(|t| (t.id, t.reference, t.subject, t.status, t.version))
            .collect();
        let events = demo
            .app
            .read(|conn| events::table.count().get_result::<i64>(conn));
        (tickets, events)
    };
    let first = seen(&Demo::with(7));
    assert_eq!(first, seen(&Demo::with(7)));
    assert_ne!(first, seen(&Demo::with(8)));
}

#[test]
fn there_are_articles_in_both_languages() {
    let demo = Demo::with(7);
    for (lang, title) in [
        (Lang::Fr, "Obtenir le duplicata d’une facture"),
        (Lang::En, "Get a copy of an invoice"),
    ] {
        let browser = demo.app.browser_in(lang);
        browser.get("/articles").expect(200).has(title);
    }
}

#[test]
fn a_customer_signs_in_and_finds_their_requests() {
    let demo = Demo::with(7);
    let claire = &demo.sign_ins.customer;
    let browser = demo.app.browser();
    browser
        .try_sign_in(&claire.email, &claire.password)
        .expect(303);
    browser
        .get("/requests")
        .expect(200)
        .has("Ajout de deux postes au standard du bloc B")
        .has("Perte de connexion fibre toutes les 20 minutes à l’accueil");
}

#[test]
fn a_database_in_use_is_left_alone() {
    let demo = Demo::with(7);
    let plan = Plan {
        tickets: 1,
        seed: 1,
        now: demo.app.clock.now(),
    };
    let again = demo::fill(&demo.app.site, &plan, &demo.sign_ins);
    assert!(matches!(again, Err(demo::DemoError::Occupied)));
    assert_eq!(demo.tickets().len(), 40);
}

#[test]
fn counting_once_for_all_lists_agrees_with_counting_each() {
    let demo = Demo::with(11);
    let (people, teams): (Vec<PersonId>, Vec<TeamId>) = demo.app.read(|conn| {
        let people = people::table.select(people::id).load(conn)?;
        Ok((people, teams::table.select(teams::id).load(conn)?))
    });
    let now = demo.app.clock.now();
    let owners = [None, Some(Owner::Nobody), Some(Owner::Agent(people[1]))];
    let stages = Stage::ALL.iter().map(|&stage| (Some(stage), None));
    let statuses = Status::ALL.iter().map(|&status| (None, Some(status)));
    let standings: Vec<_> = stages.chain(statuses).chain([(None, None)]).collect();
    let counts = TicketCounts::default();
    let mut tallied = 0;
    for &view in DeskView::ALL {
        for team in teams.iter().map(|&team| Some(team)).chain([None]) {
            for owner in owners {
                for &(stage, status) in &standings {
                    let mine = teams[..2].to_vec();
                    let filter = DeskFilter {
                        team,
                        owner,
                        stage,
                        status,
                        ..DeskFilter::view(view, people[1], mine, now)
                    };
                    demo.app.read(|conn| {
                        let tally = counts.tally(conn, now)?;
                        tallied += tally.count(&filter).unwrap_or(0);
                        assert_eq!(
                            counts.count(conn, &filter)?,
                            count_view(conn, &filter)?,
                            "{filter:?}"
                        );
                        assert_eq!(
                            counts.stages(conn, &filter)?,
                            count_stages(conn, &filter)?,
                            "{filter:?}"
                        );
                        Ok(())
                    });
                }
            }
        }
    }
    assert!(tallied > 100, "{tallied}: there was something to count");
}
