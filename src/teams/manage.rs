//! Teams, for managers.

use std::collections::HashMap;

use diesel::QueryResult;
use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{TeamError, archive_team, change_team, create_team, set_members};
use super::model::{Team, TeamId};
use super::pages::{List, MemberBox, Show, TeamRow};
use super::queries::{get_team, list_all_teams, list_memberships, members_of};
use crate::accounts::{Manager, Person, PersonId, list_active_agents};
use crate::platform::db::{Conn, StorageError, Tx};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::parts::Parts;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::widgets::SelectOption;
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted, Reply};

/// Key of the entry in the rail.
const SECTION: &str = "teams";

/// Longest name of a team.
const MAX_NAME: usize = 60;

/// Colours that a team can have.
const HUES: u8 = 8;

pub(super) fn routes() -> Vec<Route> {
    routes![list, create, show, change, members, archive]
}

pub(super) fn rail(
    _: &mut Conn,
    _: &Parts,
    viewer: &RailViewer,
    rail: &mut Rail,
) -> QueryResult<()> {
    if viewer.is_manager {
        rail.manage.push(RailLink {
            key: SECTION.to_owned(),
            label: Message::new("teams-title").render(viewer.lang),
            href: uri!(list).to_string(),
            icon: "headphones".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/teams")]
pub(super) async fn list(manager: Manager) -> Outcome {
    let form = manager.empty_form();
    list_page(&manager, Status::Ok, form).await
}

async fn list_page(manager: &Manager, status: Status, form: FormState) -> Outcome {
    let (teams, memberships, agents) = manager
        .site
        .db
        .read(|conn| {
            let teams = list_all_teams(conn)?;
            let agents = list_active_agents(conn)?;
            Ok::<_, StorageError>((teams, list_memberships(conn)?, agents))
        })
        .await?;
    let names: HashMap<PersonId, &str> = agents.iter().map(|p| (p.id, p.name.as_str())).collect();
    let rows = teams.iter().map(|team| row(team, &memberships, &names));
    let view = List {
        teams: rows.collect(),
        action: uri!(create).to_string(),
        hues: hues(manager.lang),
        form,
    };
    manager.agent().page(status, SECTION, &view).await
}

fn row(team: &Team, members: &[(TeamId, PersonId)], names: &HashMap<PersonId, &str>) -> TeamRow {
    let members = members
        .iter()
        .filter(|(id, _)| *id == team.id)
        .filter_map(|(_, person)| names.get(person).copied());
    TeamRow {
        href: uri!(show(team.id)).to_string(),
        name: team.name.clone(),
        hue: u8::try_from(team.hue).unwrap_or(0),
        members: members.collect::<Vec<_>>().join(", "),
        archived: team.archived_at.is_some(),
    }
}

#[post("/manage/teams", data = "<posted>")]
pub(super) async fn create(posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let created = match parse(&fields) {
        Ok((name, hue)) => {
            let command = move |tx: &mut Tx<'_>| {
                let made = create_team(tx, &name, hue)?;
                Ok::<_, TeamError>(uri!(show(made.id)).to_string())
            };
            named(manager.once(&fields, command).await)?
        }
        Err(errors) => Err(errors),
    };
    match created {
        Ok(location) => {
            Ok(Reply::see_other(location).with_flash(FlashKind::Ok, Message::new("teams-created")))
        }
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, manager.lang);
            list_page(&manager, Status::UnprocessableEntity, form).await
        }
    }
}

#[get("/manage/teams/<id>")]
pub(super) async fn show(manager: Manager, id: TeamId) -> Outcome {
    show_page(&manager, id, Status::Ok, None).await
}

async fn show_page(
    manager: &Manager,
    id: TeamId,
    status: Status,
    form: Option<FormState>,
) -> Outcome {
    let (team, members, agents) = manager
        .site
        .db
        .read(move |conn| {
            let (team, members) = (get_team(conn, id)?, members_of(conn, id)?);
            Ok::<_, StorageError>((team, members, list_active_agents(conn)?))
        })
        .await?;
    let stored = || {
        let form = manager.empty_form().with("name", &team.name);
        form.with("hue", team.hue.to_string())
    };
    let view = Show {
        list_href: uri!(list).to_string(),
        action: uri!(change(id)).to_string(),
        hues: hues(manager.lang),
        form: form.unwrap_or_else(stored),
        members_action: uri!(members(id)).to_string(),
        members: agents.iter().map(|agent| member(agent, &members)).collect(),
        archive_action: uri!(archive(id)).to_string(),
        archived: team.archived_at.is_some(),
        name: team.name,
    };
    manager.agent().page(status, SECTION, &view).await
}

fn member(agent: &Person, members: &[PersonId]) -> MemberBox {
    MemberBox {
        value: agent.id.to_string(),
        label: agent.name.clone(),
        hint: agent.email.clone(),
        checked: members.contains(&agent.id),
    }
}

#[post("/manage/teams/<id>", data = "<posted>")]
pub(super) async fn change(id: TeamId, posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let changed = match parse(&fields) {
        Ok((name, hue)) => {
            let command = move |tx: &mut Tx<'_>| change_team(tx, id, &name, hue);
            named(manager.site.db.write(manager.actor(), command).await)?
        }
        Err(errors) => Err(errors),
    };
    match changed {
        Ok(_) => Ok(done(id, "teams-saved")),
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, manager.lang);
            show_page(&manager, id, Status::UnprocessableEntity, Some(form)).await
        }
    }
}

/// A name that is taken is for the person to mend; anything else is not.
fn named<T>(outcome: Result<T, TeamError>) -> Result<Result<T, FormErrors>, Failure> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(TeamError::NameTaken) => Ok(Err(FormErrors::one(
            "name",
            Message::new("teams-name-taken"),
        ))),
        Err(TeamError::Storage(error)) => Err(error.into()),
    }
}

#[post("/manage/teams/<id>/members", data = "<posted>")]
pub(super) async fn members(id: TeamId, posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let ticked = fields.all("members").iter().map(|value| value.parse());
    let ticked: Result<Vec<PersonId>, _> = ticked.collect();
    let ticked = ticked.map_err(|_| Failure::NotFound)?;
    let outcome = manager.site.db.write(manager.actor(), move |tx| {
        // Only people who can be given tickets; a box that was not offered is passed over.
        let agents = list_active_agents(tx.conn)?;
        let chosen: Vec<PersonId> = agents
            .iter()
            .map(|agent| agent.id)
            .filter(|agent| ticked.contains(agent))
            .collect();
        set_members(tx, id, &chosen)
    });
    outcome.await?;
    Ok(done(id, "teams-saved"))
}

#[post("/manage/teams/<id>/archive", data = "<posted>")]
pub(super) async fn archive(id: TeamId, posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let archived = fields.get("archived") == "true";
    let command = move |tx: &mut Tx<'_>| archive_team(tx, id, archived);
    manager.site.db.write(manager.actor(), command).await?;
    Ok(done(
        id,
        if archived {
            "teams-archived"
        } else {
            "teams-restored"
        },
    ))
}

impl From<TeamError> for Failure {
    /// For commands of which no other outcome is expected.
    fn from(error: TeamError) -> Self {
        match error {
            TeamError::Storage(error) => error.into(),
            TeamError::NameTaken => Self::internal(&error),
        }
    }
}

fn parse(fields: &Fields) -> Result<(String, u8), FormErrors> {
    let mut check = Check::new(fields);
    let name = check.line("name", MAX_NAME);
    let hue: Option<u8> = check.choice("hue");
    if hue.is_some_and(|hue| hue >= HUES) {
        check.error("hue", Message::new("form-choice"));
    }
    check.finish((name, hue.unwrap_or(0)))
}

fn hues(lang: Lang) -> Vec<SelectOption> {
    let option = |hue: u8| {
        let name = Message::new(&format!("hue-{hue}")).render(lang);
        SelectOption::new(hue.to_string(), name)
    };
    (0..HUES).map(option).collect()
}

fn done(id: TeamId, key: &str) -> Reply {
    Reply::see_other(uri!(show(id))).with_flash(FlashKind::Ok, Message::new(key))
}
