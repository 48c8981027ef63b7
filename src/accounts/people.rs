//! People, for managers: who works here, who is shut out.

use diesel::QueryResult;
use rocket::http::Status;
use rocket::{Route, get, post, routes, uri};

use super::commands::{
    AccountError, NewPerson, disable, enable, invite, resend_invitation, set_role,
};
use super::model::{Person, PersonId, Role};
use super::pages::{Invite, People, PersonPage, PersonRow};
use super::profile::languages;
use super::queries::{Group, get_person, page_of_people};
use super::sessions::list_sessions;
use super::sign_up::MAX_NAME;
use super::visitor::Manager;
use super::{factor, person_access, sign_in_rules};
use crate::platform::db::{Conn, KeysetPage, PageRequest, StorageError, Tx};
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::{clean_line, initials};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::parts::Parts;
use crate::platform::web::reply::FlashKind;
use crate::platform::web::shell::{Rail, RailLink, RailViewer, hue};
use crate::platform::web::widgets::SelectOption;
use crate::platform::web::widgets::{Choice, PageLinks};
use crate::platform::web::{Check, FormState, Outcome, Posted, Reply};

/// Key of the entry in the rail.
pub(super) const SECTION: &str = "people";

/// People on a page.
const PAGE: i64 = 50;

pub(super) fn routes() -> Vec<Route> {
    routes![list, new, create, show, change_role, resend, change_access]
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
            label: Message::new("people-title").render(viewer.lang),
            href: uri!(list(
                group = None::<&str>,
                q = None::<&str>,
                after = None::<&str>,
                before = None::<&str>
            ))
            .to_string(),
            icon: "users".to_owned(),
            hue: 0,
            count: None,
            current: false,
        });
    }
    Ok(())
}

#[get("/manage/people?<group>&<q>&<after>&<before>")]
pub(super) async fn list(
    manager: Manager,
    group: Option<&str>,
    q: Option<&str>,
    after: Option<&str>,
    before: Option<&str>,
) -> Outcome {
    let group = parse_group(group.unwrap_or_default());
    let query: String = clean_line(q.unwrap_or_default())
        .chars()
        .take(200)
        .collect();
    let request = PageRequest::parse(PAGE, after, before);
    let search = query.clone();
    let page = manager
        .site
        .db
        .read(move |conn| {
            page_of_people(conn, group, &search, &request).map_err(StorageError::from)
        })
        .await?;
    let view = list_view(manager.lang, group, query, &page);
    manager.agent().page(Status::Ok, SECTION, &view).await
}

const GROUPS: [(Group, &str); 3] = [
    (Group::Staff, "staff"),
    (Group::Customers, "customers"),
    (Group::Disabled, "disabled"),
];

fn parse_group(text: &str) -> Group {
    let found = GROUPS.iter().find(|(_, name)| *name == text);
    found.map_or(Group::Staff, |(group, _)| *group)
}

fn list_view(lang: Lang, group: Group, query: String, page: &KeysetPage<Person>) -> People {
    let name = GROUPS.iter().find(|(g, _)| *g == group);
    let name = name.map_or("staff", |(_, name)| *name);
    let search = percent_encoding::utf8_percent_encode(&query, percent_encoding::NON_ALPHANUMERIC);
    let here = format!("/manage/people?group={name}&q={search}");
    People {
        groups: GROUPS
            .iter()
            .map(|(g, name)| Choice {
                label: Message::new(&format!("people-group-{name}")).render(lang),
                href: format!("/manage/people?group={name}"),
                current: *g == group,
                count: None,
            })
            .collect(),
        group: name.to_owned(),
        people: page.rows.iter().map(|person| row(lang, person)).collect(),
        pages: PageLinks {
            previous: page
                .previous
                .map(|cursor| format!("{here}&before={cursor}")),
            next: page.next.map(|cursor| format!("{here}&after={cursor}")),
            note: None,
        },
        invite_href: uri!(new).to_string(),
        rules_href: sign_in_rules::path(),
        query,
    }
}

fn row(lang: Lang, person: &Person) -> PersonRow {
    let (state, tone) = match (person.disabled_at, &person.password_hash) {
        _ if person.is_erased() => ("people-state-erased", "neutral"),
        (Some(_), _) => ("people-state-disabled", "danger"),
        (None, Some(_)) => ("people-state-active", "ok"),
        (None, None) if person.role.is_agent() => ("people-state-invited", "wait"),
        (None, None) => ("people-state-guest", "neutral"),
    };
    PersonRow {
        href: uri!(show(person.id)).to_string(),
        initials: initials(&person.name),
        hue: hue(&person.name),
        name: person.name.clone(),
        email: person.email.clone(),
        role: role_name(person.role, lang),
        state: Message::new(state).render(lang),
        tone: tone.to_owned(),
    }
}

fn role_name(role: Role, lang: Lang) -> String {
    Message::new(&format!("role-{}", role.as_str())).render(lang)
}

fn role_options(roles: &[Role], lang: Lang) -> Vec<SelectOption> {
    let option = |role: &Role| SelectOption::new(role.as_str(), role_name(*role, lang));
    roles.iter().map(option).collect()
}

#[get("/manage/people/new")]
pub(super) async fn new(manager: Manager) -> Outcome {
    let form = manager
        .empty_form()
        .with("language", manager.lang.as_str())
        .with("role", Role::Agent.as_str());
    let view = invite_view(&manager, form);
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[post("/manage/people", data = "<posted>")]
pub(super) async fn create(posted: Posted<Manager>) -> Outcome {
    let Posted {
        who: manager,
        fields,
        ..
    } = posted;
    let invited = match parse_invitation(&manager, &fields) {
        Ok(new) => {
            let email = new.email.clone();
            let outcome = manager.once(&fields, move |tx| {
                let person = invite(tx, &new)?;
                Ok::<_, AccountError>(uri!(show(person.id)).to_string())
            });
            invited(outcome.await)?.map(|location| (location, email))
        }
        Err(errors) => Err(errors),
    };
    match invited {
        Ok((location, email)) => Ok(Reply::see_other(location).with_flash(
            FlashKind::Ok,
            Message::new("people-invited").text("email", email),
        )),
        Err(errors) => {
            let form = FormState::refused(&fields, &errors, manager.lang);
            let view = invite_view(&manager, form);
            let status = Status::UnprocessableEntity;
            manager.agent().page(status, SECTION, &view).await
        }
    }
}

/// What the person who invites can mend, as an error of the form.
fn invited<T>(outcome: Result<T, AccountError>) -> Result<Result<T, FormErrors>, AccountError> {
    let key = match outcome {
        Ok(done) => return Ok(Ok(done)),
        Err(AccountError::Known) => "people-known",
        Err(AccountError::Disabled) => "people-shut-out",
        Err(other) => return Err(other),
    };
    Ok(Err(FormErrors::one("email", Message::new(key))))
}

fn parse_invitation(manager: &Manager, fields: &Fields) -> Result<NewPerson, FormErrors> {
    let mut check = Check::new(fields);
    let (name, email) = (check.line("name", MAX_NAME), check.email("email"));
    let role: Option<Role> = check.choice("role");
    if role == Some(Role::Customer) {
        check.error("role", Message::new("form-choice"));
    }
    let language = check.choice("language");
    check.finish(NewPerson {
        email,
        name,
        role: role.unwrap_or(Role::Agent),
        language: language.unwrap_or(manager.lang),
        time_zone: String::new(),
    })
}

fn invite_view(manager: &Manager, form: FormState) -> Invite {
    Invite {
        action: uri!(create).to_string(),
        list_href: "/manage/people".to_owned(),
        roles: role_options(&[Role::Agent, Role::Manager], manager.lang),
        languages: languages(&manager.company),
        form,
    }
}

#[get("/manage/people/<id>", rank = 2)]
pub(super) async fn show(manager: Manager, id: PersonId) -> Outcome {
    let (now, limits) = (manager.now, manager.site.settings.sessions);
    let (person, factor, sessions) = manager
        .site
        .db
        .read(move |conn| {
            let person = get_person(conn, id)?;
            let open = list_sessions(conn, &person, now, &limits)?;
            Ok::<_, StorageError>((person, factor::summary(conn, id)?, open.len()))
        })
        .await?;
    let own = manager.me.id == id;
    let disabled = person.disabled_at.is_some();
    let invited = person.role.is_agent() && person.password_hash.is_none() && !disabled;
    let access = uri!(change_access(id)).to_string();
    let view = PersonPage {
        list_href: "/manage/people".to_owned(),
        audit_href: format!("/manage/audit?about={id}"),
        since: manager.calendar().day(person.created_at),
        role_action: uri!(change_role(id)).to_string(),
        roles: role_options(Role::ALL, manager.lang),
        form: manager.empty_form().with("role", person.role.as_str()),
        invitation_action: invited.then(|| uri!(resend(id)).to_string()),
        disable_action: (!disabled).then(|| access.clone()),
        enable_action: (disabled && !person.is_erased()).then_some(access),
        data_href: (!person.is_erased()).then(|| format!("/manage/people/{id}/data")),
        factor_since: factor.map(|(since, _)| manager.calendar().day(since)),
        reset_factor_action: (factor.is_some() && !own)
            .then(|| person_access::reset_factor_path(id)),
        sessions,
        end_sessions_action: (sessions > 0).then(|| person_access::end_sessions_path(id)),
        person: row(manager.lang, &person),
    };
    manager.agent().page(Status::Ok, SECTION, &view).await
}

#[post("/manage/people/<id>/role", data = "<posted>")]
pub(super) async fn change_role(id: PersonId, posted: Posted<Manager>) -> Outcome {
    let role: Option<Role> = posted.fields.get("role").parse().ok();
    let Some(role) = role else {
        return Ok(back(id, FlashKind::Danger, "form-choice"));
    };
    change(posted.who, id, "people-role-changed", move |tx| {
        set_role(tx, id, role)
    })
    .await
}

#[post("/manage/people/<id>/invitation", data = "<posted>")]
pub(super) async fn resend(id: PersonId, posted: Posted<Manager>) -> Outcome {
    let outcome = posted.who.once(&posted.fields, move |tx| {
        resend_invitation(tx, id)?;
        Ok(uri!(show(id)).to_string())
    });
    told(id, "people-invitation-sent", outcome.await)
}

#[post("/manage/people/<id>/access", data = "<posted>")]
pub(super) async fn change_access(id: PersonId, posted: Posted<Manager>) -> Outcome {
    match posted.fields.get("open") {
        "true" => change(posted.who, id, "people-enabled", move |tx| enable(tx, id)).await,
        "false" => change(posted.who, id, "people-disabled", move |tx| disable(tx, id)).await,
        _ => Ok(back(id, FlashKind::Danger, "form-choice")),
    }
}

/// Runs a command and says on the person's page how it went.
async fn change(
    manager: Manager,
    id: PersonId,
    done: &'static str,
    command: impl Fn(&mut Tx<'_>) -> Result<Person, AccountError> + Send + 'static,
) -> Outcome {
    let outcome = manager.site.db.write(manager.actor(), command).await;
    told(id, done, outcome)
}

/// Says on the person's page how a command went.
fn told<T>(id: PersonId, done: &'static str, outcome: Result<T, AccountError>) -> Outcome {
    let (kind, key) = match outcome {
        Ok(_) => (FlashKind::Ok, done),
        Err(AccountError::LastManager) => (FlashKind::Danger, "people-last-manager"),
        Err(AccountError::Known) => (FlashKind::Danger, "people-known"),
        Err(AccountError::Disabled | AccountError::Erased) => {
            (FlashKind::Danger, "people-shut-out")
        }
        Err(other) => return Err(other.into()),
    };
    Ok(back(id, kind, key))
}

fn back(id: PersonId, kind: FlashKind, key: &'static str) -> Reply {
    Reply::see_other(uri!(show(id))).with_flash(kind, Message::new(key))
}
