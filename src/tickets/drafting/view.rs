//! A draft as its form shows it.

use serde::Serialize;

use super::{Form, Spot};
use crate::accounts::Visitor;
use crate::drafts::{Draft, DraftFile};
use crate::platform::i18n::{Lang, Message, file_size};
use crate::platform::text::FileName;

/// What a form has to know of its draft.
#[derive(Clone, Debug, Serialize)]
pub struct DraftView {
    /// What it is called.
    pub key: String,
    /// Where it is kept.
    pub path: String,
    /// Tells apart whose text a browser holds, and nothing else.
    pub owner: String,
    /// The revision that the page shows; a text, because scripts cannot hold all numbers.
    pub revision: String,
    /// What to say of it: "Draft of 2:32 pm restored". None for a form that is empty, or that was
    /// just sent.
    pub restored: Option<String>,
    /// Its files.
    pub files: Vec<DraftFileView>,
}

/// A file of a draft.
#[derive(Clone, Debug, Serialize)]
pub struct DraftFileView {
    /// What it is addressed by.
    pub id: String,
    /// Its name.
    pub name: String,
    /// "PDF"; empty when the name does not say.
    pub kind: String,
    /// "240 kB".
    pub size: String,
    /// Where its owner looks at it.
    pub href: String,
}

/// The draft of a form. `restored` is whether the page shows its text.
pub fn view(visitor: &Visitor, spot: &Spot, draft: Option<&Draft>, restored: bool) -> DraftView {
    let path = format!("/drafts/{}", spot.key());
    let said = draft.filter(|_| restored).map(|draft| {
        Message::new("draft-restored")
            .text("moment", visitor.calendar().stamp(draft.updated_at))
            .render(visitor.lang)
    });
    DraftView {
        key: spot.key(),
        owner: owner(visitor),
        revision: draft.map_or(0, |draft| draft.revision).to_string(),
        restored: said,
        files: draft.map_or_else(Vec::new, |draft| files(visitor.lang, &path, &draft.files)),
        path,
    }
}

/// Marks what a browser keeps for somebody.
pub fn owner(visitor: &Visitor) -> String {
    let Some(person) = &visitor.person else {
        return "guest".to_owned();
    };
    let id = person.id.to_string();
    let mut mark = visitor.site.key.sign("draft owner", &[&id]);
    mark.truncate(16);
    mark
}

/// The files of a draft at a path.
pub fn files(lang: Lang, path: &str, files: &[DraftFile]) -> Vec<DraftFileView> {
    files
        .iter()
        .map(|file| DraftFileView {
            kind: FileName::new(&file.name)
                .extension()
                .map_or_else(String::new, |e| e.chars().take(4).collect()),
            size: file_size(lang, file.size.unsigned_abs()),
            href: format!("{path}/files/{}", file.public_id),
            id: file.public_id.clone(),
            name: file.name.clone(),
        })
        .collect()
}

/// Samples: nothing yet, and a draft with files, one with a long name.
#[must_use]
pub fn samples() -> [DraftView; 2] {
    let file = |id: &str, name: &str, kind: &str| DraftFileView {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        size: "240 Ko".to_owned(),
        href: format!("/drafts/request/files/{id}"),
    };
    let empty = DraftView {
        key: Form::Request.to_string(),
        path: "/drafts/request".to_owned(),
        owner: "x".to_owned(),
        revision: "0".to_owned(),
        restored: None,
        files: Vec::new(),
    };
    let full = DraftView {
        revision: "1795104000000000".to_owned(),
        restored: Some("Brouillon de 14 h 32 restauré".to_owned()),
        files: vec![
            file("a", "capture.png", "png"),
            file("b", &format!("{}.pdf", "rapport-".repeat(14)), "pdf"),
        ],
        ..empty.clone()
    };
    [empty, full]
}
