//! Files that come with a form, on their way to becoming a message's.

use super::commands::NewFile;
use crate::platform::blobs::Blobs;
use crate::platform::i18n::Message;
use crate::platform::text::FileName;
use crate::platform::web::form::Check;
use crate::platform::web::{Failure, Site, Upload};

/// The field that every form with files names them by.
pub const FIELD: &str = "files";

/// Notes in `check` what is wrong with the files of a form that has `already` so many: all of it,
/// each file by its name. Keeps the others: should the form come back, they are in its draft.
///
/// A file whose name promises something else than it holds is taken: its type is told from its
/// content, and only that is ever served.
///
/// # Errors
/// When the disk refuses.
pub async fn keep_files(
    site: &Site,
    mut uploads: Vec<Upload>,
    already: usize,
    check: &mut Check<'_>,
) -> Result<Vec<NewFile>, Failure> {
    check_files(site, &uploads, already, check);
    uploads.retain(|upload| upload.size > 0 && upload.path.is_some());
    uploads.truncate(site.company.get().max_files.saturating_sub(already));
    keep_checked(site, uploads).await
}

/// Notes in `check` what is wrong with the files of a form that has so many already.
pub fn check_files(site: &Site, uploads: &[Upload], already: usize, check: &mut Check<'_>) {
    for fault in find_faults(site, uploads, already) {
        check.error(FIELD, fault);
    }
}

/// What is wrong with the files of a form that has so many already.
#[must_use]
pub fn find_faults(site: &Site, uploads: &[Upload], already: usize) -> Vec<Message> {
    let company = site.company.get();
    faults(uploads, already, company.max_files, company.max_file_bytes)
}

/// Keeps files that were checked.
///
/// # Errors
/// When the disk refuses.
pub async fn keep_checked(site: &Site, uploads: Vec<Upload>) -> Result<Vec<NewFile>, Failure> {
    if uploads.is_empty() {
        return Ok(Vec::new());
    }
    let blobs = Blobs::new(&site.settings.data_dir);
    tokio::task::spawn_blocking(move || keep(&blobs, uploads))
        .await
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::Unavailable(format!("a file could not be kept: {error}")))
}

fn keep(blobs: &Blobs, uploads: Vec<Upload>) -> std::io::Result<Vec<NewFile>> {
    uploads
        .into_iter()
        .map(|upload| {
            Ok(NewFile {
                name: FileName::new(&upload.name),
                content: blobs.keep(upload)?,
            })
        })
        .collect()
}

/// What is wrong with the files, in their order.
fn faults(uploads: &[Upload], already: usize, max_files: usize, max_bytes: u64) -> Vec<Message> {
    let count = uploads.len() + already;
    if !uploads.is_empty() && count > max_files {
        return vec![
            Message::new("form-too-many-files")
                .number("max", number(max_files))
                .number("actual", number(count)),
        ];
    }
    uploads
        .iter()
        .filter_map(|upload| {
            let name = FileName::new(&upload.name);
            if upload.size > max_bytes {
                return Some(
                    Message::new("form-file-too-large")
                        .text("name", name.as_str())
                        .number("max", number(max_bytes / 1_000_000)),
                );
            }
            (upload.size == 0).then(|| Message::new("form-file-empty").text("name", name.as_str()))
        })
        .collect()
}

fn number(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(name: &str, size: u64) -> Upload {
        Upload {
            field: FIELD.to_owned(),
            name: name.to_owned(),
            size,
            sha256: String::new(),
            head: Vec::new(),
            path: None,
        }
    }

    fn keys(uploads: &[Upload]) -> Vec<String> {
        faults(uploads, 0, 2, 1_000_000)
            .iter()
            .map(|fault| fault.key().to_owned())
            .collect()
    }

    #[test]
    fn every_faulty_file_is_named() {
        assert!(keys(&[upload("a.txt", 1), upload("b.txt", 1_000_000)]).is_empty());
        assert_eq!(
            keys(&[upload("a.txt", 0), upload("b.txt", 1_000_001)]),
            ["form-file-empty", "form-file-too-large"]
        );
        assert_eq!(
            keys(&[upload("a", 1), upload("b", 1), upload("c", 1)]),
            ["form-too-many-files"]
        );
    }
}
