//! Files of articles and sections are read, or refused with a line that is there; what is taken
//! over from elsewhere keeps its words and gets no more readers.

use std::path::{Path, PathBuf};

use guichet::knowledge::files::{ArticleFile, FileFault, SectionFile};
use guichet::knowledge::import::{Fate, Options, import};
use guichet::knowledge::model::{Audience, is_slug};
use guichet::platform::i18n::{Lang, Message};
use guichet::platform::text::{TextError, front_matter};
use serde_json::Value;

const MOST: usize = 40 * 1024;
const PATH: &str = "fr/internet/debit.md";

/// The input is a file.
pub fn check(data: &[u8]) {
    let source = super::text(data, MOST);
    check_parts(&source);
    match ArticleFile::parse(PATH, &source) {
        Ok(article) => {
            assert_eq!(ArticleFile::parse(PATH, &source).as_ref(), Ok(&article));
            check_article(&source, &article);
        }
        Err(fault) => check_fault(&source, &fault),
    }
    match SectionFile::parse("en/voice-mail/_section.md", &source) {
        Ok(read) => {
            let section = read.section;
            assert_eq!((section.language, &*section.key), (Lang::En, "voice-mail"));
            assert!(!section.icon.is_empty() && section.icon.is_ascii());
            assert!(
                !section.title.contains(char::is_control),
                "{:?}",
                section.title
            );
            assert!(!section.summary.contains(char::is_control));
        }
        Err(fault) => check_fault(&source, &fault),
    }
    // Files are written for it.
    if data.len().is_multiple_of(4) {
        check_import(&source);
    }
}

/// Nothing of a file is lost between its parts.
fn check_parts(source: &str) {
    let text = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    match front_matter::split(source) {
        Ok((None, body, line)) => assert_eq!((body, line), (text, 1)),
        Ok((Some(yaml), body, line)) => {
            let (head, _) = text.split_at(text.len() - body.len());
            assert_eq!(head.lines().count(), line - 1, "{source:?}");
            assert!(head.starts_with("---") && head.trim_end().ends_with("---"));
            assert!(head.contains(yaml));
            let lines = yaml.lines().count().max(1);
            match front_matter::parse::<Value>(yaml) {
                Ok(_) => {}
                Err(TextError::FrontMatter { line, .. }) => {
                    assert!((2..=lines + 2).contains(&line), "line {line} of {yaml:?}");
                }
                Err(error) => panic!("{error}"),
            }
        }
        Err(error) => assert_eq!(error, TextError::FrontMatterUnclosed),
    }
}

fn check_fault(source: &str, fault: &FileFault) {
    let lines = i32::try_from(source.lines().count()).unwrap_or(i32::MAX);
    assert!(
        (0..=lines.max(1) + 1).contains(&fault.line),
        "{fault:?} in {source:?}"
    );
    for lang in Lang::ALL {
        assert!(!fault.reason.render(*lang).is_empty());
    }
}

fn check_article(source: &str, article: &ArticleFile) {
    assert!(is_slug(&article.slug));
    let is_line = |text: &str, most: usize| {
        text.chars().count() <= most && !text.contains(char::is_control) && text.trim() == text
    };
    assert!(
        !article.title.is_empty() && is_line(&article.title, 300),
        "{:?}",
        article.title
    );
    assert!(is_line(&article.summary, 1_000));
    for list in [&article.tags, &article.questions, &article.aliases] {
        assert!(list.len() <= 50 && list.iter().all(|line| !line.is_empty()));
    }
    assert!(source.ends_with(&article.body));
    let before = source.len() - article.body.len();
    assert_eq!(
        source[..before].lines().count(),
        article.body_line - 1,
        "{source:?}"
    );

    let written = written(article);
    let again = ArticleFile::parse(PATH, &written);
    let expected = ArticleFile {
        body_line: written[..written.len() - article.body.len()]
            .lines()
            .count()
            + 1,
        audience_given: true,
        ..article.clone()
    };
    assert_eq!(again.as_ref(), Ok(&expected), "{written:?}");
}

/// The file that says the same in our own words. JSON is YAML, so these are what the import adds.
fn written(article: &ArticleFile) -> String {
    let list = |lines: &[String]| Value::from(lines.to_vec()).to_string();
    let mut yaml = format!(
        "title: {}\nslug: {}\nlang: {}\nsummary: {}\naudience: {}\naliases: {}\ntags: {}\nquestions: {}\n",
        Value::from(&*article.title),
        Value::from(&*article.slug),
        article.lang,
        Value::from(&*article.summary),
        article.audience,
        list(&article.aliases),
        list(&article.tags),
        list(&article.questions),
    );
    if let Some(review) = article.review {
        yaml += &format!("review: {review}\n");
    }
    if let Some(translation) = &article.translation {
        yaml += &format!("translation: {}\n", Value::from(&**translation));
    }
    format!("---\n{yaml}---\n{}", article.body)
}

/// Takes a file over as internal, and looks at what lies there afterwards.
fn check_import(source: &str) {
    let from = folder();
    let to = folder();
    std::fs::write(from.path().join("Wie-Fi.md"), source).expect("there is room");
    let options = Options {
        lang: Some(Lang::En),
        audience: Some(Audience::Internal),
        section: Some("Réseau local".to_owned()),
        replace: false,
    };
    let report = import(from.path(), to.path(), &options).expect("there is room");
    assert!(
        !report.is_empty(),
        "a file is taken over or refused: {source:?}"
    );
    let given = ArticleFile::parse("en/a/b.md", source).ok();
    for line in &report {
        let reason = |message: &Message| !message.render(Lang::Fr).is_empty();
        assert!(line.reason.as_ref().is_none_or(reason));
        let (Fate::Imported, Some(target)) = (line.fate, &line.target) else {
            continue;
        };
        assert!(is_inside(target), "{target:?}");
        let content = std::fs::read_to_string(to.path().join(target)).expect("it was imported");
        let read = ArticleFile::parse(target, &content).expect("it was read before");
        let (kept, given_body) = (unindented(&read.body), unindented(body_of(source)));
        assert_eq!(kept, given_body, "{source:?}");
        match &given {
            Some(given) if given.audience_given => assert_eq!(read.audience, given.audience),
            _ => assert_eq!(read.audience, Audience::Internal, "{content:?}"),
        }
        let section = to.path().join("en/reseau-local/_section.md");
        if section.exists() {
            let text = std::fs::read_to_string(section).expect("it was written");
            let read = SectionFile::parse("en/reseau-local/_section.md", &text);
            assert_eq!(read.expect("it is ours").section.title, "Réseau local");
        }
    }
    let again = import(from.path(), to.path(), &options).expect("there is room");
    for (first, second) in report.iter().zip(&again) {
        let expected = match first.fate {
            Fate::Imported => Fate::Unchanged,
            fate => fate,
        };
        assert_eq!(second.fate, expected, "{second:?} after {first:?}");
    }
}

/// Without the byte order mark and the white space before the first word.
fn unindented(text: &str) -> &str {
    text.trim_start_matches(|c: char| c == '\u{FEFF}' || c.is_whitespace())
}

/// The Markdown of a file, its front matter or not.
fn body_of(source: &str) -> &str {
    front_matter::split(source).map_or(source, |(_, body, _)| body)
}

fn is_inside(target: &str) -> bool {
    let path: PathBuf = Path::new(target).components().collect();
    let plain = path
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    plain && target.ends_with(".md")
}

/// A folder in memory, where there is such a place: syncing costs nothing there.
pub fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).expect("a folder")
    } else {
        tempfile::tempdir().expect("a folder")
    }
}
