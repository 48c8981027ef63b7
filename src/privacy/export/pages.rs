//! Pages of the archive. They stand by themselves, without the portal.

use serde::Serialize;

use crate::platform::text::SafeHtml;
use crate::platform::web::view::{Sample, View, samples};

/// What every page has.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// Title.
    pub title: String,
    /// The way from the page to the archive's top: empty, or `../`.
    pub top: String,
    /// The company.
    pub portal: String,
    /// When it was made.
    pub made: String,
}

/// Something known.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// A part of the archive.
#[derive(Clone, Debug, Serialize)]
pub struct IndexSection {
    /// Its title.
    pub title: String,
    /// Its first page.
    pub href: String,
    /// How many things are in it.
    pub count: i64,
}

/// The first page.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    /// Frame.
    pub frame: Frame,
    /// The account.
    pub facts: Vec<Fact>,
    /// The rest.
    pub sections: Vec<IndexSection>,
}

/// A page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// Frame.
    pub frame: Frame,
    /// Titles of the columns.
    pub columns: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// A file beside a message.
#[derive(Clone, Debug, Serialize)]
pub struct FileLink {
    /// Name.
    pub name: String,
    /// Where it lies; nothing when it could not be read.
    pub href: Option<String>,
}

/// A message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Who wrote it.
    pub author: String,
    /// When.
    pub moment: String,
    /// What it says.
    pub html: SafeHtml,
    /// What came with it.
    pub files: Vec<FileLink>,
}

/// A page of a request.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// Frame.
    pub frame: Frame,
    /// About it.
    pub facts: Vec<Fact>,
    /// What was written.
    pub messages: Vec<Message>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

fn frame(title: &str, top: &str) -> Frame {
    Frame {
        title: title.to_owned(),
        top: top.to_owned(),
        portal: "Fibralia Assistance".to_owned(),
        made: "19 novembre 2026, 16 h 00".to_owned(),
    }
}

fn facts() -> Vec<Fact> {
    vec![Fact {
        label: "Nom".to_owned(),
        value: "Claire Fontanel".to_owned(),
    }]
}

impl View for Index {
    const TEMPLATE: &'static str = "privacy/export_index.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            frame: frame("Vos données", ""),
            facts: facts(),
            sections: vec![IndexSection {
                title: "Demandes".to_owned(),
                href: "requests.html".to_owned(),
                count: 12,
            }],
        };
        let empty = Self {
            sections: Vec::new(),
            ..usual.clone()
        };
        vec![usual, empty]
    }
}

impl View for Table {
    const TEMPLATE: &'static str = "privacy/export_table.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            frame: frame("Courriels", ""),
            columns: vec!["Date".to_owned(), "Objet".to_owned()],
            rows: vec![vec!["19 novembre".to_owned(), "<b>GU-1042</b>".repeat(20)]],
            previous: Some("mails.html".to_owned()),
            next: Some("mails-3.html".to_owned()),
        };
        let empty = Self {
            rows: Vec::new(),
            previous: None,
            next: None,
            ..usual.clone()
        };
        vec![usual, empty]
    }
}

impl View for Request {
    const TEMPLATE: &'static str = "privacy/export_request.html";

    fn samples() -> Vec<Self> {
        let usual = Self {
            frame: frame("GU-1042 · Le Wi-Fi", "../"),
            facts: facts(),
            messages: vec![Message {
                author: "Claire Fontanel".to_owned(),
                moment: "19 novembre 2026, 15 h 40".to_owned(),
                html: SafeHtml::plain_text("Bonjour."),
                files: vec![
                    FileLink {
                        name: "photo.png".to_owned(),
                        href: Some("../files/GU-1042/1-photo.png".to_owned()),
                    },
                    FileLink {
                        name: "perdu.pdf".to_owned(),
                        href: None,
                    },
                ],
            }],
            previous: None,
            next: Some("GU-1042-2.html".to_owned()),
        };
        vec![usual]
    }
}

/// The samples of all.
pub(in crate::privacy) fn all_samples() -> Vec<Sample> {
    let mut all = samples::<Index>();
    all.extend(samples::<Table>());
    all.extend(samples::<Request>());
    all
}
