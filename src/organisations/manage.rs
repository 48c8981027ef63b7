//! Customer companies, for managers.

use diesel::QueryResult;
use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{OrganisationError, create_organisation, set_membership};
use super::model::OrganisationId;
use super::pages::{List, MemberRow, OrganisationRow, Show};
use super::queries::{
    count_members, get_organisation, list_organisations, members_of, organisation_of,
};
use crate::accounts::{Manager, PersonId, find_or_create_requester};
use crate::platform::db::{Conn, StorageError};
use crate::platform::i18n::Message;
use crate::platform::web::form::FormErrors;
use crate::platform::web::parts::Parts;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::platform::web::{Check, Failure, FormState, Outcome, Posted, Reply};

/// Key of the entry in the rail.
const SECTION: &str = "organisations";

/// Longest name of a company.
const MAX_NAME: usize = 120;

pub(super) fn routes() -> Vec<Route> {
    routes![list, create, show, add, remove]
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
            label: Message::new("organisations-title").render(viewer.lang),
            href: uri!(list).to_string(),
            icon: "folder".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/organisations")]
pub(super) async fn list(manager: Manager) -> Outcome {
    let form = manager.empty_form();
    list_page(&manager, Status::Ok, form).await
}

async fn list_page(manager: &Manager, status: Status, form: FormState) -> Outcome {
    let (organisations, counts) = manager
        .site
        .db
        .read(|conn| Ok::<_, StorageError>((list_organisations(conn)?, count_members(conn)?)))
        .await?;
    let rows = organisations.iter().map(|organisation| OrganisationRow {
        href: uri!(show(organisation.id)).to_string(),
        name: organisation.name.clone(),
        members: counts.get(&organisation.id).copied().unwrap_or(0),
    });
    let view = List {
        organisations: rows.collect(),
        action: uri!(create).to_string(),
        form,
    };
    manager.agent().page(status, SECTION, &view).await
}

#[post("/manage/organisations", data = "<posted>")]
pub(super) async fn create(posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let mut check = Check::new(&fields);
    let name = check.line("name", MAX_NAME);
    let created = match check.finish(name) {
        Ok(name) => {
            let outcome = manager.once(&fields, move |tx| {
                let made = create_organisation(tx, &name)?;
                Ok::<_, OrganisationError>(uri!(show(made.id)).to_string())
            });
            match outcome.await {
                Err(OrganisationError::NameTaken) => {
                    let taken = Message::new("organisations-name-taken");
                    Err(FormErrors::one("name", taken))
                }
                outcome => Ok(outcome?),
            }
        }
        Err(errors) => Err(errors),
    };
    match created {
        Ok(location) => Ok(Reply::see_other(location)
            .with_flash(FlashKind::Ok, Message::new("organisations-created"))),
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, manager.lang);
            list_page(&manager, Status::UnprocessableEntity, form).await
        }
    }
}

#[get("/manage/organisations/<id>")]
pub(super) async fn show(manager: Manager, id: OrganisationId) -> Outcome {
    let form = manager.empty_form();
    show_page(&manager, id, Status::Ok, form).await
}

async fn show_page(
    manager: &Manager,
    id: OrganisationId,
    status: Status,
    form: FormState,
) -> Outcome {
    let (organisation, members) = manager
        .site
        .db
        .read(move |conn| {
            Ok::<_, StorageError>((get_organisation(conn, id)?, members_of(conn, id)?))
        })
        .await?;
    let rows = members.iter().map(|person| MemberRow {
        name: person.name.clone(),
        email: person.email.clone(),
        remove_action: uri!(remove(id, person.id)).to_string(),
    });
    let view = Show {
        list_href: uri!(list).to_string(),
        name: organisation.name,
        members: rows.collect(),
        action: uri!(add(id)).to_string(),
        form,
    };
    manager.agent().page(status, SECTION, &view).await
}

#[post("/manage/organisations/<id>/members", data = "<posted>")]
pub(super) async fn add(id: OrganisationId, posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let mut check = Check::new(&fields);
    let email = check.email("email");
    let email = match check.finish(email) {
        Ok(email) => email,
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, manager.lang);
            return show_page(&manager, id, Status::UnprocessableEntity, form).await;
        }
    };
    let lang = manager.lang;
    let joined = manager.site.db.write(manager.actor(), move |tx| {
        get_organisation(tx.conn, id)?;
        let person = find_or_create_requester(tx, &email, "", lang)?;
        set_membership(tx, person.id, Some(id))
    });
    joined.await?;
    Ok(done(id, "organisations-member-added"))
}

#[post("/manage/organisations/<id>/members/<person>/end", data = "<posted>")]
pub(super) async fn remove(
    id: OrganisationId,
    person: PersonId,
    posted: Posted<Manager>,
) -> Outcome {
    let left = posted.who.once(&posted.fields, move |tx| {
        if organisation_of(tx.conn, person)? != Some(id) {
            return Err(diesel::result::Error::NotFound.into());
        }
        set_membership(tx, person, None)?;
        Ok::<_, OrganisationError>(uri!(show(id)).to_string())
    });
    left.await?;
    Ok(done(id, "organisations-member-removed"))
}

impl From<OrganisationError> for Failure {
    /// For commands of which no other outcome is expected.
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Storage(error) => error.into(),
            OrganisationError::NameTaken => Self::internal(&error),
        }
    }
}

fn done(id: OrganisationId, key: &str) -> Reply {
    Reply::see_other(uri!(show(id))).with_flash(FlashKind::Ok, Message::new(key))
}
