//! `guichet user`: people, for who has access to the machine.

use std::io::Read;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use diesel::prelude::*;
use serde_json::json;

use super::{CommandError, CommandResult, IsFailure, open_site, personal_data, say};
use crate::accounts::commands::{add_with_password, disable, enable};
use crate::accounts::factor;
use crate::accounts::{
    AccountError, NewPerson, Person, Role, find_person_by_email, invite, passwords,
};
use crate::platform::db::{Actor, StorageError, Tx};
use crate::platform::events::Cause;
use crate::platform::i18n::Lang;
use crate::platform::web::Site;
use crate::platform::web::form::is_email;
use crate::schema::people;

impl IsFailure for AccountError {}

/// What to do with people.
#[derive(Subcommand)]
pub(super) enum User {
    /// Add an agent, a manager or a customer.
    ///
    /// Without --password-stdin, agents and managers are sent a link to choose a password.
    Add(Add),
    /// List everybody, by address.
    List {
        /// Print a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Close somebody's access: their sessions end at once.
    Disable {
        /// Their address.
        email: String,
    },
    /// Take away the second factor of somebody who has lost it.
    ///
    /// Their sessions end and they are told by mail; from then on the password is enough, until
    /// they add a second factor again. For the last manager, whom nobody else can help.
    ResetFactor {
        /// Their address.
        email: String,
    },
    /// Write a copy of everything that is held about somebody into a zip file.
    Export {
        /// Their address.
        email: String,
        /// The file: new.
        file: PathBuf,
    },
    /// Forget somebody for good; what is counted stays under a pseudonym.
    ///
    /// Without --confirm, only say what is held.
    Erase {
        /// Their address.
        email: String,
        /// Keep the texts of their requests, without name and address.
        #[arg(long)]
        keep_texts: bool,
        /// Their address once more.
        #[arg(long, value_name = "EMAIL")]
        confirm: Option<String>,
    },
    /// Open closed access again.
    Enable {
        /// Their address.
        email: String,
    },
}

/// Whom to add.
#[derive(Args)]
pub(super) struct Add {
    /// Mail address.
    #[arg(long)]
    email: String,
    /// Full name.
    #[arg(long)]
    name: String,
    /// customer, agent or manager.
    #[arg(long)]
    role: Role,
    /// Language of their mails; without it, the default language of the settings.
    #[arg(long)]
    lang: Option<Lang>,
    /// Read the password from standard input: 12 to 128 characters, without the line's end.
    #[arg(long)]
    password_stdin: bool,
}

/// Runs the command.
pub(super) fn run(command: User) -> CommandResult {
    match command {
        User::Add(add) => run_add(&add),
        User::List { json } => list(json),
        User::ResetFactor { email } => reset_factor(&email),
        User::Export { email, file } => personal_data::export(&email, &file),
        User::Erase {
            email,
            keep_texts,
            confirm,
        } => personal_data::erase(&email, keep_texts, confirm.as_deref()),
        User::Disable { email } => change(&email, "closed", |tx, person| disable(tx, person.id)),
        User::Enable { email } => change(&email, "opened", |tx, person| enable(tx, person.id)),
    }
}

fn run_add(add: &Add) -> CommandResult {
    if !is_email(&add.email) {
        let email = &add.email;
        return Err(CommandError::Failed(format!(
            "{email:?} is not a mail address"
        )));
    }
    let password = add.password_stdin.then(|| read_password(add)).transpose()?;
    if password.is_none() && add.role == Role::Customer {
        return Err(CommandError::Failed(
            "a customer opens an account on the portal; to make one here, give a password with \
             --password-stdin"
                .to_owned(),
        ));
    }
    let site = open_site()?;
    let new = NewPerson {
        email: add.email.clone(),
        name: add.name.clone(),
        role: add.role,
        language: add.lang.unwrap_or(site.company.get().default_language),
        time_zone: String::new(),
    };
    let hash = password.as_deref().map(passwords::hash);
    let person = site
        .db
        .write_blocking(Actor::System, move |tx| {
            tx.set_origin(Cause::COMMAND);
            match &hash {
                Some(hash) => add_with_password(tx, &new, hash),
                None => invite(tx, &new),
            }
        })
        .map_err(|error| explain(&add.email, error))?;
    let how = if password.is_some() {
        "can sign in"
    } else {
        "is sent an invitation"
    };
    say!("{} ({}) {how}", person.email, person.role);
    Ok(())
}

fn read_password(add: &Add) -> Result<String, CommandError> {
    let mut password = String::new();
    // A byte more than any password may have: enough to refuse it.
    let most = 4 * u64::try_from(passwords::MAX_LENGTH).unwrap_or(0) + 3;
    std::io::stdin().take(most).read_to_string(&mut password)?;
    let password = password.strip_suffix('\n').unwrap_or(&password);
    let password = password.strip_suffix('\r').unwrap_or(password);
    passwords::check(password, &add.email, &add.name)
        .map_err(|weakness| CommandError::Failed(weakness.message().render(Lang::En)))?;
    Ok(password.to_owned())
}

fn list(json: bool) -> CommandResult {
    let site = open_site()?;
    let everybody: Vec<Person> = site.db.read_blocking(|conn| {
        people::table
            .order(people::email.asc())
            .select(Person::as_select())
            .load(conn)
            .map_err(StorageError::from)
    })?;
    if json {
        let rows: Vec<_> = everybody.iter().map(to_json).collect();
        say!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    for person in &everybody {
        say!(
            "{}\t{}\t{}\t{}",
            person.email,
            person.role,
            state(person),
            person.name
        );
    }
    Ok(())
}

fn to_json(person: &Person) -> serde_json::Value {
    json!({
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "role": person.role.as_str(),
        "language": person.language.as_str(),
        "state": state(person),
        "created_at": person.created_at.rfc3339(),
    })
}

fn state(person: &Person) -> &'static str {
    match (person.disabled_at, &person.password_hash) {
        (Some(_), _) => "disabled",
        (None, Some(_)) => "active",
        (None, None) => "no-password",
    }
}

fn change(
    email: &str,
    done: &str,
    command: fn(&mut Tx<'_>, &Person) -> Result<Person, AccountError>,
) -> CommandResult {
    let site = open_site()?;
    let person = find(&site, email)?;
    site.db
        .write_blocking(Actor::System, move |tx| {
            tx.set_origin(Cause::COMMAND);
            command(tx, &person)
        })
        .map_err(|error| explain(email, error))?;
    say!("{email}: access {done}");
    Ok(())
}

fn reset_factor(email: &str) -> CommandResult {
    let site = open_site()?;
    let id = find(&site, email)?.id;
    let was_there = site.db.write_blocking(Actor::System, move |tx| {
        tx.set_origin(Cause::COMMAND);
        factor::reset(tx, id).map_err(StorageError::from)
    })?;
    if !was_there {
        return Err(CommandError::Failed(format!(
            "{email} has no second factor: the password is enough"
        )));
    }
    say!("{email}: the second factor is gone; the password is enough");
    Ok(())
}

pub(super) fn find(site: &Site, email: &str) -> Result<Person, CommandError> {
    let found: Result<_, StorageError> = site
        .db
        .read_blocking(|conn| Ok(find_person_by_email(conn, email)?));
    found?.ok_or_else(|| {
        CommandError::NotFound(format!(
            "nobody has the address {email}; `guichet user list` shows who is known"
        ))
    })
}

pub(super) fn explain(email: &str, error: AccountError) -> CommandError {
    CommandError::Failed(match error {
        AccountError::Known => format!("{email} has an account already"),
        AccountError::Disabled => format!(
            "the account of {email} is closed; `guichet user enable {email}` opens it again"
        ),
        AccountError::Erased => format!("{email} was erased: there is nobody to open it for"),
        AccountError::LastManager => {
            format!("{email} is the last manager; make somebody else a manager first")
        }
        other => other.to_string(),
    })
}
