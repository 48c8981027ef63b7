//! A furnished program, and the people who try its doors.

use std::collections::BTreeMap;

use diesel::prelude::*;
use guichet::accounts::rules::require_factor;
use guichet::accounts::tokens::{Purpose, issue_token};
use guichet::accounts::{Person, PersonId, Role};
use guichet::audit::commands::record_export;
use guichet::audit::queries::Filter;
use guichet::drafts::{Place, Save, Saved, save};
use guichet::knowledge::job;
use guichet::organisations::{
    OrganisationError, OrganisationId, create_organisation, set_membership,
};
use guichet::platform::blobs::Blobs;
use guichet::platform::db::{Actor, StorageError};
use guichet::platform::i18n::Lang;
use guichet::platform::text::FileName;
use guichet::schema::{attachments, mails, people, sessions};
use guichet::sla::calendars::queries::list_calendars;
use guichet::sla::policies::PolicyInput;
use guichet::sla::policies::commands::create_policy;
use guichet::sla::policy::{Policy, Target, Targets};
use guichet::teams::{TeamError, TeamId, create_team, set_members};
use guichet::tickets::commands::{
    NewFile, NewMessage, StatusAfter, change_properties, write_message,
};
use guichet::tickets::conditions::Condition;
use guichet::tickets::{AuthorKind, Channel, Priority, Status, Ticket, Visibility};

use crate::requests::portal::Portal;
use crate::support::{Browser, PASSWORD};

/// Everybody, in the order of the table's columns: the colleague belongs to the organisation of
/// the owner, the other customer to another one.
pub const ROLES: [&str; 7] = [
    "guest",
    "owner",
    "colleague",
    "other",
    "agent",
    "manager",
    "disabled",
];

/// Who owes a second factor: a manager who has to add one, and an agent who has not given the code
/// of theirs. They have no column of their own: they get what a guest gets, but for the pages that
/// they owe it to.
pub const OWING: [&str; 2] = ["enrolling", "pending"];

/// Everybody of both.
pub fn everybody() -> impl Iterator<Item = &'static str> {
    ROLES.into_iter().chain(OWING)
}

/// The program with one of everything, and two of what people belong to.
pub struct Stage {
    pub portal: Portal,
    /// Who works at the same company as Claire.
    pub colette: Person,
    /// Claire's request, with a file and a note.
    pub ticket: Ticket,
    places: BTreeMap<&'static str, String>,
}

impl Stage {
    pub fn new() -> Self {
        let stage = Self::without_index();
        // A portal that is ready to serve.
        stage.portal.run("ticket index");
        stage
    }

    /// The same while the index of tickets is still being made.
    pub fn without_index() -> Self {
        let portal = Portal::new();
        articles(&portal);
        let ticket = portal.file(&portal.claire, "Sujet", "Texte.");
        attach(
            &portal,
            &ticket,
            &portal.claire,
            Visibility::Public,
            "piece.txt",
        );
        let colette = portal.add("colette@tilleuls.example", "Colette Aubin", Role::Customer);
        let organisation = company(
            &portal,
            "Clinique des Tilleuls",
            &[&portal.claire, &colette],
        );
        let elsewhere = company(&portal, "Atelier du Port", &[&portal.paul]);
        let secrets = secrets(&portal, &ticket);
        let export = portal.app.write_as(portal.nadia.actor(), |tx| {
            record_export(tx, &Filter::default()).map_err(StorageError::from)
        });
        let (file, mail): (String, i64) = portal.app.read(|conn| {
            let file = attachments::table.select(attachments::public_id);
            Ok((
                file.first(conn)?,
                mails::table.select(mails::id).first(conn)?,
            ))
        });
        let places = BTreeMap::from([
            ("{draft file}", draft_file(&portal, &ticket)),
            ("{calendar}", calendar(&portal)),
            ("{elsewhere}", elsewhere.to_string()),
            ("{export}", export.to_string()),
            ("{file}", file),
            ("{mail}", mail.to_string()),
            ("{member}", portal.claire.id.to_string()),
            ("{organisation}", organisation.to_string()),
            ("{person}", portal.paul.id.to_string()),
            ("{policy}", policy(&portal)),
            ("{reset}", secrets.reset),
            ("{session}", spare_session(&portal, &portal.claire)),
            ("{setup}", secrets.setup),
            (
                "{team}",
                team(&portal, "Réseau", Some(&portal.theo)).to_string(),
            ),
            ("{other team}", team(&portal, "Achats", None).to_string()),
            ("{ticket}", ticket.reference.clone()),
            ("{track}", secrets.track),
            ("{type}", portal.question()),
        ]);
        Self {
            portal,
            colette,
            ticket,
            places,
        }
    }

    /// An address of the table with the things that are there.
    pub fn path(&self, pattern: &str) -> String {
        self.places
            .iter()
            .fold(pattern.to_owned(), |path, (place, value)| {
                path.replace(place, value)
            })
    }

    /// A browser of one of [`everybody`].
    pub fn browser(&self, role: &str) -> Browser<'_> {
        let portal = &self.portal;
        match role {
            "guest" => portal.app.browser_in(Lang::En),
            "owner" => portal.browser(&portal.claire),
            "colleague" => portal.browser(&self.colette),
            "other" => portal.browser(&portal.paul),
            "agent" => portal.browser(&portal.theo),
            "manager" => portal.browser(&portal.nadia),
            "enrolling" => {
                let browser = portal.browser(&portal.nadia);
                portal
                    .app
                    .write(|tx| require_factor(tx, true).map_err(StorageError::from));
                browser
            }
            "pending" => {
                let email = &portal.theo.email;
                portal.app.give_password(&portal.theo);
                let telephone = portal.app.browser_in(Lang::En);
                telephone.sign_in(email);
                telephone.add_factor(&portal.app);
                let browser = portal.app.browser_in(Lang::En);
                browser.try_sign_in(email, PASSWORD).expect(303);
                assert!(browser.cookie("guichet_pending").is_some());
                browser
            }
            "disabled" => {
                let browser = portal.browser(&portal.claire);
                let id = portal.claire.id;
                portal.app.write(move |tx| {
                    diesel::update(people::table.find(id))
                        .set(people::disabled_at.eq(tx.now))
                        .execute(tx.conn)
                        .map_err(StorageError::from)
                });
                browser
            }
            other => panic!("no role {other}"),
        }
    }
}

/// A file in the draft of the owner's reply.
fn draft_file(portal: &Portal, ticket: &Ticket) -> String {
    let content = Blobs::new(&portal.app.site.settings.data_dir)
        .keep_bytes(b"draft")
        .expect("the disk takes it");
    let (owner, subject) = (portal.claire.id.into(), ticket.id.0);
    let saved = portal.app.write(move |tx| {
        let place = Place {
            form: "reply",
            subject,
        };
        let wanted = Save {
            files: vec![(FileName::new("draft.txt"), content.clone())],
            ..Save::default()
        };
        save(tx, &owner, place, &wanted).map_err(StorageError::from)
    });
    match saved {
        Saved::Kept(draft) => draft.files[0].public_id.clone(),
        other => panic!("{other:?}"),
    }
}

/// The calendar that is there from the start.
fn calendar(portal: &Portal) -> String {
    portal.app.read(list_calendars)[0].id.to_string()
}

/// Makes a policy that applies to everything.
fn policy(portal: &Portal) -> String {
    let calendar = portal.app.read(list_calendars)[0].id;
    let targets = Targets {
        first: Some(Target::Working(240)),
        ..Targets::default()
    };
    let input = PolicyInput {
        name: "4 h".to_owned(),
        content: Policy {
            calendar,
            condition: Condition::always(),
            targets: Priority::ALL.iter().map(|&p| (p, targets)).collect(),
            pauses: vec![Status::Pending],
        },
    };
    let id = portal.app.write(move |tx| create_policy(tx, &input));
    id.to_string()
}

/// Secrets of links that hold.
struct Secrets {
    track: String,
    reset: String,
    setup: String,
}

fn secrets(portal: &Portal, ticket: &Ticket) -> Secrets {
    let (id, claire, paul) = (ticket.id.0, portal.claire.id, portal.paul.id);
    portal.app.write(move |tx| {
        Ok::<_, StorageError>(Secrets {
            track: issue_token(tx, Purpose::TicketLink, Some(claire), Some(id))?,
            reset: issue_token(tx, Purpose::Reset, Some(paul), None)?,
            setup: issue_token(tx, Purpose::FirstManager, None, None)?,
        })
    })
}

/// Makes a company with members.
pub fn company(portal: &Portal, name: &'static str, members: &[&Person]) -> OrganisationId {
    let members: Vec<PersonId> = members.iter().map(|person| person.id).collect();
    portal.app.write(move |tx| {
        let made = create_organisation(tx, name)?;
        for member in &members {
            set_membership(tx, *member, Some(made.id))?;
        }
        Ok::<_, OrganisationError>(made.id)
    })
}

/// Makes a team, with a member or without.
pub fn team(portal: &Portal, name: &'static str, member: Option<&Person>) -> TeamId {
    let member: Vec<PersonId> = member.iter().map(|person| person.id).collect();
    portal.app.write(move |tx| {
        let made = create_team(tx, name, 3)?;
        set_members(tx, made.id, &member)?;
        Ok::<_, TeamError>(made.id)
    })
}

/// A session of somebody besides the one in their browser, by its name.
fn spare_session(portal: &Portal, who: &Person) -> String {
    portal.session(who);
    portal.app.read(|conn| {
        sessions::table
            .order(sessions::id.desc())
            .select(sessions::public_id)
            .first(conn)
    })
}

/// Writes on a request with a file; the file's text is its name.
pub fn attach(portal: &Portal, ticket: &Ticket, who: &Person, visibility: Visibility, name: &str) {
    let blobs = Blobs::new(&portal.app.site.settings.data_dir);
    let content = blobs
        .keep_bytes(name.as_bytes())
        .expect("the disk takes it");
    let message = NewMessage {
        author_kind: if who.role.is_agent() {
            AuthorKind::Agent
        } else {
            AuthorKind::Customer
        },
        visibility,
        body: format!("Voir {name}.").into(),
        files: vec![NewFile {
            name: FileName::new(name),
            content,
        }],
        channel: Channel::Web,
        status_after: StatusAfter::Keep,
    };
    let id = ticket.id;
    portal.app.write_as(who.actor(), move |tx| {
        write_message(tx, id, &message).map(drop)
    });
}

/// Sets labels on a request.
pub fn label(portal: &Portal, ticket: &Ticket, tag: &str) {
    use guichet::tickets::Tag;
    use guichet::tickets::commands::{Change, Changes};
    let now = portal.stored(&ticket.reference);
    let tag = Tag::parse(tag).expect("a label");
    fn same<T: Clone>(value: T) -> Change<T> {
        Change {
            seen: value.clone(),
            wanted: value,
        }
    }
    let changes = Changes {
        status: same(now.status),
        priority: same(now.priority),
        team: same(now.team_id),
        assignee: same(now.assignee_id),
        request_type: same(now.request_type_id),
        tags: Change {
            seen: Vec::new(),
            wanted: vec![tag],
        },
    };
    portal.app.write_as(Actor::System, move |tx| {
        change_properties(tx, now.id, &changes).map(drop)
    });
}

/// Writes a file of the articles' folder.
pub fn article(portal: &Portal, path: &str, text: &str) {
    let file = portal.app.site.settings.kb_dir.join(path);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(file, text).expect("written");
}

/// Brings the folder of the articles in.
pub fn follow(portal: &Portal) {
    (job::ARTICLES.run)(&portal.app.site).expect("the folder is followed");
}

fn articles(portal: &Portal) {
    article(portal, "en/net/_section.md", "---\ntitle: Network\n---\n");
    article(
        portal,
        "en/net/line.md",
        "---\ntitle: \"The line drops\"\n---\n\nLook at the ![light](light.svg).\n",
    );
    article(
        portal,
        "en/net/light.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    follow(portal);
}
