//! Articles from elsewhere keep their addresses and their bodies.

use std::path::Path;

use guichet::knowledge::check::{self, Severity};
use guichet::knowledge::import::{Fate, Options, import};
use guichet::knowledge::model::Audience;
use guichet::platform::i18n::Lang;

use super::Library;

const SOURCE: &str = "---\ntitle: \"Réinitialiser le code\"\nslug: reset-code_V2\nlang: fr\n---\r\n\nVoir [la suite](suite) et [plus loin](sous/loin.md).  \n\n![Plan](media/plan.png)\n";

fn source() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, content: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    };
    write("code.md", SOURCE);
    write(
        "suite.md",
        "---\ntitle: La suite\n---\nRetour au [code](code.md).\n",
    );
    write("sous/loin.md", "# Plus loin\n\nTexte.\n");
    write("media/plan.png", "\u{89}PNG");
    write("cassee.md", "---\ntitle: [\n---\n");
    folder
}

fn options() -> Options {
    Options {
        lang: Some(Lang::Fr),
        section: Some("Aide reprise".to_owned()),
        ..Options::default()
    }
}

fn fates(from: &Path, library: &Library, options: &Options) -> Vec<(String, Fate)> {
    let report = import(from, library.root(), options).unwrap();
    report
        .into_iter()
        .map(|line| (line.source, line.fate))
        .collect()
}

fn expected(fate: Fate) -> Vec<(String, Fate)> {
    let refused = ("cassee.md".to_owned(), Fate::Refused);
    let taken = ["code.md", "media/plan.png", "sous/loin.md", "suite.md"];
    std::iter::once(refused)
        .chain(taken.map(|path| (path.to_owned(), fate)))
        .collect()
}

#[test]
fn an_import_keeps_slugs_bodies_links_and_pictures() {
    let (from, library) = (source(), Library::new());
    assert_eq!(
        fates(from.path(), &library, &options()),
        expected(Fate::Imported)
    );
    let written =
        std::fs::read_to_string(library.root().join("fr/aide-reprise/reset-code_V2.md")).unwrap();
    let body = |text: &str| text.splitn(3, "---").nth(2).map(str::to_owned);
    assert_eq!(body(&written), body(SOURCE));
    library.follow();
    let browser = library.app.browser();
    let page = browser.get("/fr/articles/reset-code_V2").expect(200);
    let next = page.click("la suite").expect(200).at("/fr/articles/suite");
    next.click("code")
        .expect(200)
        .at("/fr/articles/reset-code_V2");
    page.click("plus loin")
        .expect(200)
        .at("/fr/articles/loin")
        .has("Plus loin");
    let source = page.attributes(".prose img", "src").remove(0);
    browser.get(&source).expect(200);
    browser.get("/fr/articles").expect(200).has("Aide reprise");
}

#[test]
fn an_import_repeated_changes_nothing_and_overwrites_nothing_unasked() {
    let (from, library) = (source(), Library::new());
    fates(from.path(), &library, &options());
    let again = fates(from.path(), &library, &options());
    let unchanged: Vec<_> = expected(Fate::Unchanged);
    assert_eq!(again, unchanged);
    let path = library.root().join("fr/aide-reprise/suite.md");
    std::fs::write(&path, "---\ntitle: Réécrite\n---\nÀ la main.\n").unwrap();
    let conflict = ("suite.md".to_owned(), Fate::Conflict);
    assert!(fates(from.path(), &library, &options()).contains(&conflict));
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("À la main")
    );
    let replace = Options {
        replace: true,
        ..options()
    };
    let replaced = ("suite.md".to_owned(), Fate::Replaced);
    assert!(fates(from.path(), &library, &replace).contains(&replaced));
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("Retour au")
    );
}

#[test]
fn an_audience_is_given_to_files_that_name_none() {
    let (from, library) = (source(), Library::new());
    let internal = Options {
        audience: Some(Audience::Internal),
        ..options()
    };
    fates(from.path(), &library, &internal);
    library.follow();
    library
        .app
        .browser()
        .get("/fr/articles/reset-code_V2")
        .expect(404);
    library
        .signed_in(guichet::accounts::Role::Agent)
        .get("/fr/articles/reset-code_V2")
        .expect(200);
}

#[test]
fn proof_reading_names_what_is_broken() {
    let library = Library::furnished();
    library.article(
        "fr/internet/relire",
        "À relire",
        "audience: public\nquestions: [\"combien coûte un éléphant\"]",
        "[a](nulle-part) [b](debit#absent) [c](debit#avant-de-mesurer) [d](#ici)\n\n![x](rien.png)\n",
    );
    for number in 1..=3 {
        let place = format!("fr/internet/elephant-{number}");
        let more = "questions: [\"combien coûte un éléphant\"]";
        library.article(&place, "Combien coûte un éléphant", more, "Un éléphant.\n");
    }
    let report = check::check(library.root()).unwrap();
    let found: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.fault.path == "fr/internet/relire.md")
        .map(|finding| {
            (
                finding.severity,
                finding.fault.line,
                finding.fault.reason.key().to_owned(),
            )
        })
        .collect();
    let expected = [
        (Severity::Warning, 0, "kb-check-question"),
        (Severity::Note, 0, "kb-check-translation"),
        (Severity::Error, 7, "kb-check-link"),
        (Severity::Error, 7, "kb-check-anchor"),
        (Severity::Error, 7, "kb-check-anchor"),
        (Severity::Error, 9, "kb-check-image"),
    ];
    assert_eq!(
        found,
        expected.map(|(severity, line, key)| (severity, line, key.to_owned()))
    );
    assert!(report.has_errors());
}

#[test]
fn the_demonstration_articles_are_without_fault() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/kb");
    let report = check::check(&root).unwrap();
    assert!(report.articles >= 80);
    let lines: Vec<_> = report
        .findings
        .iter()
        .map(|f| check::line(f, Lang::En))
        .collect();
    assert_eq!(lines, [""; 0]);
}
