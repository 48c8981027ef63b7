//! What can be done to a person's account. Every change is an event of their stream.

mod details;
mod erase;
mod passwords;
mod requester;
mod staff;

use diesel::result::Error as DieselError;

use super::model::Role;
use crate::platform::db::StorageError;
use crate::platform::i18n::Lang;

pub use details::{Details, change_details};
pub use erase::{erase_account, forget_history, may_be_erased};
pub use passwords::{
    ask_for_reset, ask_to_sign_up, set_password, set_password_by_link, write_letters,
};
pub use requester::{create_person, find_or_create_requester};
pub use staff::{
    add_with_password, create_first_manager, disable, enable, invite, issue_first_manager_link,
    resend_invitation, set_role,
};

/// Why a person's account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The last manager who can sign in would be lost.
    #[error("the last manager cannot be taken away")]
    LastManager,
    /// The address already belongs to somebody who can sign in with that role.
    #[error("this address has an account already")]
    Known,
    /// The account was shut.
    #[error("the account is disabled")]
    Disabled,
    /// The account's owner was erased: there is nobody to open it for.
    #[error("this person was erased")]
    Erased,
    /// The link does not hold.
    #[error("the link does not hold any more")]
    Link,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for AccountError {
    fn from(error: DieselError) -> Self {
        Self::Storage(error.into())
    }
}

/// Somebody to be known from now on.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Address, in any case.
    pub email: String,
    /// Name; empty takes the part of the address before the @.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// Language of their mails.
    pub language: Lang,
    /// IANA name of their time zone; empty until they choose one.
    pub time_zone: String,
}

/// A customer of whom nothing but this is known.
#[must_use]
pub fn customer(email: &str, name: &str, lang: Lang) -> NewPerson {
    NewPerson {
        email: email.to_owned(),
        name: name.to_owned(),
        role: Role::Customer,
        language: lang,
        time_zone: String::new(),
    }
}
