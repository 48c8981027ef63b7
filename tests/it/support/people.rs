//! People to act as, and the mail they get.

use std::sync::LazyLock;

use diesel::prelude::*;
use guichet::accounts::commands::add_with_password;
use guichet::accounts::factor::TotpKey;
use guichet::accounts::{NewPerson, Person, Role, passwords};
use guichet::platform::db::StorageError;
use guichet::platform::i18n::Lang;
use guichet::platform::mail::Mail;
use guichet::schema::{mails, people};

use super::{Browser, Page, TestApp};

/// Everybody's password.
pub const PASSWORD: &str = "un lilas en avril";

static HASH: LazyLock<String> = LazyLock::new(|| passwords::hash(PASSWORD));

impl TestApp {
    /// Gives somebody [`PASSWORD`], who was made without one.
    pub fn give_password(&self, person: &Person) {
        let id = person.id;
        self.write(move |tx| {
            diesel::update(people::table.find(id))
                .set(people::password_hash.eq(&*HASH))
                .execute(tx.conn)
                .map(drop)
                .map_err(StorageError::from)
        });
    }

    /// Somebody with an account, whose password is [`PASSWORD`], and whose name is the address
    /// up to the @.
    pub fn person(&self, email: &str, role: Role) -> Person {
        self.person_in(email, role, Lang::Fr)
    }

    /// As [`TestApp::person`], reading in a language.
    pub fn person_in(&self, email: &str, role: Role, language: Lang) -> Person {
        let new = NewPerson {
            email: email.to_owned(),
            name: String::new(),
            role,
            language,
            time_zone: String::new(),
        };
        self.write(move |tx| add_with_password(tx, &new, &HASH))
    }

    /// The person behind an address.
    pub fn find_person(&self, email: &str) -> Option<Person> {
        self.read(|conn| {
            people::table
                .filter(people::email.eq(email))
                .select(Person::as_select())
                .first(conn)
                .optional()
        })
    }

    /// Every mail in the outbox, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.read(|conn| {
            mails::table
                .order(mails::id.asc())
                .select(Mail::as_select())
                .load(conn)
        })
    }

    /// The last mail to an address.
    #[track_caller]
    pub fn last_mail_to(&self, email: &str) -> Mail {
        self.mails()
            .into_iter()
            .rfind(|mail| mail.to_address == email)
            .unwrap_or_else(|| panic!("no mail to {email}"))
    }

    /// The path behind the link of the last mail to an address.
    #[track_caller]
    pub fn mailed_path(&self, email: &str) -> String {
        let mail = self.last_mail_to(email);
        let data: serde_json::Value = serde_json::from_str(&mail.data).expect("JSON");
        let path = data["path"].as_str();
        path.unwrap_or_else(|| panic!("no path in {}: {data}", mail.kind))
            .to_owned()
    }
}

impl Browser<'_> {
    /// Signs in with [`PASSWORD`] and goes home.
    #[track_caller]
    pub fn sign_in(&self, email: &str) -> Page<'_> {
        let page = self.try_sign_in(email, PASSWORD);
        assert!(self.cookie("guichet_session").is_some(), "{}", page.text());
        page
    }

    /// Fills in the sign-in page and stays at the answer.
    #[track_caller]
    pub fn try_sign_in(&self, email: &str, password: &str) -> Page<'_> {
        self.get("/sign-in")
            .form("/sign-in")
            .fill("email", email)
            .fill("password", password)
            .submit_once()
    }
}

/// A second factor as its owner holds it.
pub struct Factor {
    /// What the application on the telephone knows.
    pub key: TotpKey,
    /// The recovery codes.
    pub codes: Vec<String>,
}

impl TestApp {
    /// The code that an application shows half a minute later, so that it was never shown before.
    pub fn next_code(&self, factor: &Factor) -> String {
        self.advance(chrono::Duration::seconds(30));
        self.code_now(&factor.key)
    }

    /// The code of the moment.
    pub fn code_now(&self, key: &TotpKey) -> String {
        let seconds = u64::try_from(self.clock.now().seconds()).expect("after 1970");
        key.code_at(seconds)
    }
}

impl Browser<'_> {
    /// Adds a second factor to the account that is signed in.
    #[track_caller]
    pub fn add_factor(&self, app: &TestApp) -> Factor {
        let page = self.get("/profile/factor").expect(200);
        let typed = page.all(".sign-key").concat();
        let key = TotpKey::parse(&typed).expect("the page shows a key");
        let page = page
            .form("/profile/factor")
            .fill("code", &app.code_now(&key))
            .fill("current_password", PASSWORD)
            .submit_once()
            .expect(200);
        let codes = page.all(".sign-codes code");
        Factor { key, codes }
    }

    /// Gives the code that the second step of signing in asks for, and stays at the answer.
    #[track_caller]
    pub fn give_code(&self, code: &str) -> Page<'_> {
        self.get("/sign-in/code")
            .form("/sign-in/code")
            .fill("code", code)
            .submit_once()
    }
}
