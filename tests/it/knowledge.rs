//! Articles: from files to pages, search, suggestions and back.

mod audiences;
mod deflections;
mod following;
mod importing;
mod reading;

use std::path::{Path, PathBuf};

use guichet::accounts::Role;
use guichet::accounts::commands::{AccountError, NewPerson, add_with_password, customer};
use guichet::accounts::sessions::open_session;
use guichet::knowledge::index::ArticleIndex;
use guichet::knowledge::job;
use guichet::platform::i18n::Lang;

use crate::support::{Browser, TestApp};

/// The program with a folder of articles.
struct Library {
    app: TestApp,
}

impl Library {
    /// An empty folder.
    fn new() -> Self {
        let app = TestApp::new();
        std::fs::create_dir_all(&app.site.settings.kb_dir).expect("the folder can be made");
        Self { app }
    }

    /// Two sections in French, one in English, and what the tests look for in them.
    fn furnished() -> Self {
        let library = Self::new();
        library
            .section("fr/internet", "Internet et fibre")
            .section("fr/factures", "Factures et paiements")
            .section("en/internet", "Internet and fibre")
            .article("fr/internet/debit", "Tester son débit", "translation: speed\ntags: [fibre]", "Mesurez le **débit** au câble.\n\n## Avant de mesurer\n\nVoyez [la facture](../factures/lire-sa-facture.md).\n")
            .article("en/internet/speed", "Test your speed", "translation: speed", "Measure the speed by cable.\n")
            .article("fr/internet/coupures", "La fibre se coupe", "tags: [fibre]\nquestions: [\"internet saute tout le temps\"]", "Regardez le voyant.\n\n![Le voyant](voyant.svg)\n")
            .article("fr/factures/lire-sa-facture", "Lire sa facture", "", "Chaque ligne expliquée.\n");
        library.write(
            "fr/internet/voyant.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        );
        library.follow();
        library
    }

    fn root(&self) -> &Path {
        &self.app.site.settings.kb_dir
    }

    fn index_folder(&self) -> PathBuf {
        self.app.site.settings.data_dir.join("index/articles")
    }

    fn write(&self, path: &str, content: &str) {
        let file = self.root().join(path);
        std::fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("made");
        std::fs::write(file, content).expect("written");
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.root().join(path)).expect("removed");
    }

    fn section(&self, place: &str, title: &str) -> &Self {
        self.write(
            &format!("{place}/_section.md"),
            &format!("---\ntitle: {title}\n---\n"),
        );
        self
    }

    /// `more` is further front matter.
    fn article(&self, place: &str, title: &str, more: &str, body: &str) -> &Self {
        let content = format!("---\ntitle: \"{title}\"\n{more}\n---\n\n{body}");
        self.write(&format!("{place}.md"), &content);
        self
    }

    /// What happens within a second.
    fn follow(&self) {
        (job::ARTICLES.run)(&self.app.site).expect("the folder is followed");
    }

    fn index(&self) -> &ArticleIndex {
        self.app.site.part()
    }

    /// A browser in which somebody with this role is signed in.
    fn signed_in(&self, role: Role) -> Browser<'_> {
        let secret = self.app.write(move |tx| {
            let email = format!("{role}@tilleuls.example");
            let new = NewPerson {
                role,
                ..customer(&email, "Camille Exemple", Lang::Fr)
            };
            let person = add_with_password(tx, &new, "unused")?;
            Ok::<_, AccountError>(open_session(tx, &person, "test")?)
        });
        let browser = self.app.browser();
        browser.set_cookie("guichet_session", &secret);
        browser
    }
}

/// What an address of the API answers.
fn json(browser: &Browser<'_>, path: &str) -> serde_json::Value {
    let page = browser.get(path).expect(200);
    serde_json::from_slice(page.bytes()).expect("the API answers JSON")
}

/// The slugs of a ranked answer.
fn slugs(answer: &serde_json::Value) -> Vec<&str> {
    let articles = answer.as_array().expect("an array");
    articles
        .iter()
        .filter_map(|article| article["slug"].as_str())
        .collect()
}
