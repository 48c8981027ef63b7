//! The demonstration's folder: its articles, its sign-ins, and whether it is whole.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use super::SignIns;
use crate::config::Settings;
use crate::platform::company::{Key, Values};
use crate::platform::db::DatabaseUrl;

/// The articles in both languages.
#[derive(RustEmbed)]
#[folder = "src/demo/kb"]
struct Articles;

/// What marks a folder as a demonstration's.
const MARK: &str = "demo.json";

/// All that a demonstration leaves in its folder.
const OWN_FOLDERS: [&str; 5] = ["blobs", "index", "outbox", "tmp", "kb"];
const OWN_FILES: [&str; 5] = [
    "guichet.db",
    "guichet.db-wal",
    "guichet.db-shm",
    "secret.key",
    MARK,
];

/// The folder of a demonstration.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
}

/// What stands in the folder's mark.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    /// Nothing while the world is being made.
    sign_ins: Option<SignIns>,
}

/// What is found in the folder.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A demonstration, ready to be served.
    Whole(Box<SignIns>),
    /// A demonstration whose making was cut off.
    Unfinished,
    /// Something else, which must not be touched.
    Foreign,
}

impl Home {
    /// The demonstration in a folder, which need not exist yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// What the folder holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn look(&self) -> io::Result<Found> {
        match std::fs::read(self.folder.join(MARK)) {
            Ok(mark) => Ok(match serde_json::from_slice::<Mark>(&mark) {
                Ok(Mark {
                    sign_ins: Some(sign_ins),
                }) => Found::Whole(Box::new(sign_ins)),
                Ok(Mark { sign_ins: None }) | Err(_) => Found::Unfinished,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.look_without_mark(),
            Err(error) => Err(error),
        }
    }

    fn look_without_mark(&self) -> io::Result<Found> {
        match std::fs::read_dir(&self.folder) {
            Ok(mut entries) => Ok(match entries.next() {
                Some(_) => Found::Foreign,
                None => Found::Nothing,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Takes away what a demonstration left, and nothing else.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn clear(&self) -> io::Result<()> {
        for name in OWN_FOLDERS {
            ignore_missing(std::fs::remove_dir_all(self.folder.join(name)))?;
        }
        for name in OWN_FILES {
            ignore_missing(std::fs::remove_file(self.folder.join(name)))?;
        }
        Ok(())
    }

    /// Marks the folder and writes the articles.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begin(&self) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        self.mark(&Mark { sign_ins: None })?;
        self.write_articles()
    }

    /// Notes that the world is made and how one gets in.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(&self, sign_ins: &SignIns) -> io::Result<()> {
        self.mark(&Mark {
            sign_ins: Some(sign_ins.clone()),
        })
    }

    /// Settings with this folder, and the company's name on the door.
    #[must_use]
    pub fn furnish(&self, settings: Settings, own_database: bool) -> Settings {
        let database_url = if own_database {
            DatabaseUrl::Sqlite(self.folder.join("guichet.db"))
        } else {
            settings.database_url
        };
        Settings {
            database_url,
            data_dir: self.folder.clone(),
            kb_dir: self.folder.join("kb"),
            company: company(settings.company),
            reference_prefix: "OR".to_owned(),
            // Its customers are made up: nothing may leave.
            smtp_url: None,
            ..settings
        }
    }

    fn write_articles(&self) -> io::Result<()> {
        for path in Articles::iter() {
            let Some(article) = Articles::get(&path) else {
                continue;
            };
            let target = self.folder.join("kb").join(path.as_ref());
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(target, article.data)?;
        }
        Ok(())
    }

    /// Written whole or not at all, for the owner's eyes: passwords stand in it.
    fn mark(&self, mark: &Mark) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec_pretty(mark)?)?;
        file.as_file().sync_all()?;
        file.persist(self.folder.join(MARK))?;
        Ok(())
    }
}

fn ignore_missing(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// The door plate of the fictional company.
fn company(mut file: Values) -> Values {
    for (key, value) in [
        (Key::CompanyName, "Orvelle"),
        (Key::CompanySuffix, "Assistance"),
        (Key::Phone, "01 99 00 48 20"),
        (Key::SupportHours, "mon-fri 08:00-19:00, sat 09:00-13:00"),
        (
            Key::MailFrom,
            "Orvelle Assistance <assistance@orvelle.example>",
        ),
    ] {
        file.set(key, value);
    }
    let days = super::CONFIRM_AFTER.num_days();
    file.set(Key::ConfirmAfterDays, days.to_string());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_things_is_foreign() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        assert_eq!(home.look().unwrap(), Found::Nothing);
        assert_eq!(
            Home::new(&folder.path().join("new")).look().unwrap(),
            Found::Nothing
        );
        std::fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        assert_eq!(home.look().unwrap(), Found::Foreign);
    }

    #[test]
    fn from_begun_to_whole_to_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        home.begin().unwrap();
        assert_eq!(home.look().unwrap(), Found::Unfinished);
        let sign_ins = SignIns::draw();
        home.finish(&sign_ins).unwrap();
        assert_eq!(home.look().unwrap(), Found::Whole(Box::new(sign_ins)));
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        home.clear().unwrap();
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "what is not the demonstration's stays");
    }
}
