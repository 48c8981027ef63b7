//! What comes in the body of a form: fields in memory, files on disk, each within bounds.

use std::path::PathBuf;

use rocket::Request;
use rocket::data::{Data, ToByteUnit};
use rocket::http::ContentType;
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncWriteExt};

use super::form::{Fields, Upload};
use super::multipart::{Part, Parts};
use super::posted::Refusal;
use super::site::Site;

/// Text of a whole form, names of fields and files included, at most. A field over its own limit
/// is refused with a message and comes back; this bound only keeps the memory of one request in
/// check.
const MAX_TEXT_BYTES: usize = 4_000_000;

/// Fields of a form, at most.
const MAX_FIELDS: usize = 500;

/// Bytes kept to tell a file's type.
const HEAD_BYTES: usize = 512;

/// Files beyond those allowed that are read through to answer with a page, at most, each as large
/// as is allowed. A browser whose upload is cut off shows an error of its own and no page.
const READ_THROUGH: usize = 40;

/// What was read of a form so far.
#[derive(Default)]
pub struct Body {
    /// The text fields.
    pub fields: Fields,
    /// The files.
    pub uploads: Vec<Upload>,
    /// Whether the fields before the first file proved that the form is ours; none without files.
    pub trusted: Option<bool>,
    text_bytes: usize,
}

/// What may come in files.
pub struct Files {
    /// Where they are put until they are kept or dropped.
    pub folder: PathBuf,
    /// Files that are put there, at most.
    pub most: usize,
    /// Bytes of one, at most.
    pub max_bytes: u64,
}

impl Body {
    /// Reads as much as can be read: what came before a fault stays. Files are stored for senders
    /// only whose form `is_ours` by its fields.
    ///
    /// # Errors
    /// Why the rest was not read.
    pub async fn read(
        &mut self,
        request: &Request<'_>,
        data: Data<'_>,
        site: &Site,
        is_ours: impl Fn(&Fields) -> bool,
    ) -> Result<(), Refusal> {
        let content_type = request.content_type().ok_or(Refusal::Malformed)?;
        if content_type == &ContentType::Form {
            let text = data
                .open(MAX_TEXT_BYTES.bytes())
                .into_bytes()
                .await
                .map_err(|_| Refusal::Malformed)?;
            if !text.is_complete() {
                return Err(Refusal::TooLarge);
            }
            return self.urlencoded(&text);
        }
        if !content_type.is_form_data() {
            return Err(Refusal::Malformed);
        }
        let boundary = content_type.param("boundary").ok_or(Refusal::Malformed)?;
        let company = site.company.get();
        let files = Files {
            folder: site.settings.data_dir.join("tmp"),
            most: company.max_files,
            max_bytes: company.max_file_bytes,
        };
        let limit = READ_THROUGH as u64 * files.max_bytes + MAX_TEXT_BYTES as u64;
        let body = data.open(limit.bytes());
        self.multipart(body, boundary, &files, is_ours).await
    }

    /// Reads a form without files.
    ///
    /// # Errors
    /// `TooLarge` for more fields than any form has.
    pub fn urlencoded(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let text = String::from_utf8_lossy(bytes);
        for (count, field) in rocket::form::prelude::Form::values(&text).enumerate() {
            if count >= MAX_FIELDS {
                return Err(Refusal::TooLarge);
            }
            let name = decode(&field.name.source().to_string());
            self.fields.push(name, decode(field.value));
        }
        Ok(())
    }

    /// Reads all parts, whatever their limits: what is over one is counted but not kept, so that
    /// the page can name each fault and give the texts back.
    ///
    /// # Errors
    /// Why the rest was not read.
    pub async fn multipart(
        &mut self,
        body: impl AsyncRead + Unpin + Send,
        boundary: &str,
        files: &Files,
        is_ours: impl Fn(&Fields) -> bool,
    ) -> Result<(), Refusal> {
        let mut parts = Parts::of(body, boundary)?;
        let (mut count, mut file_count) = (0, 0);
        while let Some(mut part) = parts.next().await? {
            count += 1;
            if count > MAX_FIELDS {
                return Err(Refusal::TooLarge);
            }
            let name = std::mem::take(&mut part.name);
            self.count_text(name.len())?;
            let Some(file_name) = part.file_name.take() else {
                let bytes = self.text(part).await?;
                let value = String::from_utf8_lossy(&bytes).into_owned();
                self.fields.push(name, value);
                continue;
            };
            self.count_text(file_name.len())?;
            file_count += 1;
            if file_count > files.most + READ_THROUGH {
                return Err(Refusal::TooLarge);
            }
            let trusted = *self.trusted.get_or_insert_with(|| is_ours(&self.fields));
            let keep = trusted && self.uploads.len() < files.most;
            let upload = files.receive(part, (name, file_name), keep).await?;
            // A file input left empty sends one part without name or content.
            if upload.size > 0 || !upload.name.is_empty() {
                self.uploads.push(upload);
            }
        }
        Ok(())
    }

    fn count_text(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.text_bytes = self.text_bytes.saturating_add(bytes);
        if self.text_bytes > MAX_TEXT_BYTES {
            return Err(Refusal::TooLarge);
        }
        Ok(())
    }

    /// The bytes of a text field, counted while they come.
    async fn text(&mut self, mut part: Part<'_>) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await? {
            self.count_text(chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8_lossy()
        .into_owned()
}

impl Files {
    /// Reads a file to its end. It is on disk, synced, if it is to be kept and within its limit;
    /// nothing is written for one that is not to be kept, or is empty.
    async fn receive(
        &self,
        mut part: Part<'_>,
        (field, name): (String, String),
        keep: bool,
    ) -> Result<Upload, Refusal> {
        let (mut hash, mut size, mut head) = (Sha256::new(), 0_u64, Vec::new());
        let mut stored: Option<(File, TempPath)> = None;
        while let Some(chunk) = part.chunk().await? {
            size += chunk.len() as u64;
            if size > self.max_bytes {
                stored = None;
            }
            if !keep || size > self.max_bytes || chunk.is_empty() {
                continue;
            }
            if head.len() < HEAD_BYTES {
                head.extend_from_slice(&chunk[..chunk.len().min(HEAD_BYTES - head.len())]);
            }
            hash.update(&chunk);
            let (file, _) = match &mut stored {
                Some(stored) => stored,
                None => stored.insert(self.create().await?),
            };
            file.write_all(&chunk).await.map_err(unwritable)?;
        }
        let path = match stored {
            Some((file, path)) => {
                file.sync_all().await.map_err(unwritable)?;
                Some(path)
            }
            None => None,
        };
        Ok(Upload {
            field,
            name,
            size,
            sha256: data_encoding::HEXLOWER.encode(&hash.finalize()),
            head,
            path,
        })
    }

    async fn create(&self) -> Result<(File, TempPath), Refusal> {
        let folder = self.folder.clone();
        let made = tokio::task::spawn_blocking(move || tempfile::NamedTempFile::new_in(folder));
        let made = made.await.map_err(|_| Refusal::Malformed)?;
        let (file, path) = made.map_err(unwritable)?.into_parts();
        Ok((File::from_std(file), path))
    }
}

fn unwritable(error: std::io::Error) -> Refusal {
    tracing::error!(%error, "an upload could not be stored");
    Refusal::Unwritable
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::text::FileName;

    fn text(name: &str, value: &str) -> String {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    fn file(name: &str, content: &str) -> String {
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n\
             {content}\r\n"
        )
    }

    /// Reads a form of five files at most, of a hundred bytes at most. Also how many files are
    /// on disk.
    async fn read(form: &str) -> (Body, Result<(), Refusal>, usize) {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files {
            folder: folder.path().to_owned(),
            most: 5,
            max_bytes: 100,
        };
        let form = format!("{form}--edge--\r\n");
        let mut body = Body::default();
        let is_ours = |fields: &Fields| fields.get("csrf") == "good";
        let read = body
            .multipart(form.as_bytes(), "edge", &files, is_ours)
            .await;
        let on_disk = std::fs::read_dir(folder.path()).expect("a folder").count();
        (body, read, on_disk)
    }

    #[tokio::test]
    async fn nothing_is_stored_before_the_form_is_known_to_be_ours() {
        let (csrf, files) = (text("csrf", "good"), file("a", "1") + &file("b", "2"));
        let (body, read, on_disk) = read(&(csrf.clone() + &files)).await;
        assert!(read.is_ok());
        assert_eq!((body.trusted, on_disk), (Some(true), 2));
        for form in [
            files.clone(),
            files.clone() + &csrf,
            text("csrf", "bad") + &files + &csrf,
        ] {
            let (body, read, on_disk) = self::read(&form).await;
            assert!(read.is_ok());
            assert_eq!((body.trusted, on_disk), (Some(false), 0));
            assert_eq!(body.uploads.len(), 2, "they are counted all the same");
        }
        let (body, _, _) = self::read(&csrf).await;
        assert_eq!(body.trusted, None);
    }

    #[tokio::test]
    async fn no_more_files_are_made_than_may_be_kept() {
        let files = |count: usize| text("csrf", "good") + &file("a", "1").repeat(count);
        let (body, read, on_disk) = read(&files(45)).await;
        assert!(read.is_ok());
        assert_eq!((body.uploads.len(), on_disk), (45, 5));
        let (_, read, on_disk) = self::read(&files(499)).await;
        assert!(matches!(read, Err(Refusal::TooLarge)), "{read:?}");
        assert_eq!(on_disk, 5);
    }

    #[tokio::test]
    async fn what_is_empty_or_too_large_leaves_no_file() {
        let form = text("csrf", "good")
            + &file("", "")
            + &file("empty", "")
            + &file("large", &"a".repeat(101))
            + &file("whole", &"a".repeat(100));
        let (body, read, on_disk) = read(&form).await;
        assert!(read.is_ok());
        let found: Vec<_> = body
            .uploads
            .iter()
            .map(|upload| (upload.name.as_str(), upload.size, upload.path.is_some()))
            .collect();
        let expected = [
            ("empty", 0, false),
            ("large", 101, false),
            ("whole", 100, true),
        ];
        assert_eq!((found.as_slice(), on_disk), (expected.as_slice(), 1));
    }

    /// A file that came: its name, its length, what lies on the disk.
    type Came = (String, u64, Option<Vec<u8>>);

    /// What comes of a form with one file.
    fn come_of(form: &str) -> (Vec<Came>, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files {
            folder: folder.path().to_owned(),
            most: 5,
            max_bytes: 100,
        };
        let mut body = Body::default();
        let read = body.multipart(form.as_bytes(), "edge", &files, |_| true);
        let read = runtime.expect("a runtime").block_on(read);
        assert!(read.is_ok(), "{read:?}: {form}");
        let came = body.uploads.iter().map(|upload| {
            let content = upload.path.as_ref().map(std::fs::read);
            let content = content.map(|content| content.expect("it is there"));
            (upload.name.clone(), upload.size, content)
        });
        (came.collect(), body.fields.iter().count())
    }

    /// Names as people and programs give them, the end of many a backslash.
    fn any_name() -> impl Strategy<Value = String> {
        let odd = r#"[\\"; =%02DA\r\n\té🎟a./]{0,40}"#;
        prop_oneof![any::<String>(), odd, odd.prop_map(|name| name + "\\")]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_file_is_the_same_file_whatever_it_is_called(
            name in any_name(),
            content in "[a-z]{1,50}",
        ) {
            let written = name
                .replace('\r', "%0D")
                .replace('\n', "%0A")
                .replace('"', "%22");
            let (came, fields) = come_of(&(file(&written, &content) + "--edge--\r\n"));
            prop_assert_eq!(fields, 0, "it is no text");
            let [(found, size, kept)] = came.as_slice() else {
                return Err(TestCaseError::fail(format!("one file: {came:?}")));
            };
            prop_assert_eq!(*size, content.len() as u64);
            prop_assert_eq!(kept.as_deref(), Some(content.as_bytes()));
            // What was typed with the letters of an escape cannot be told from one.
            let meant = name
                .replace("%22", "\"")
                .replace("%0D", "\r")
                .replace("%0A", "\n");
            prop_assert_eq!(FileName::new(found), FileName::new(&meant));
        }
    }

    #[test]
    fn a_name_that_ends_with_a_backslash_is_one_of_a_file() {
        let form = text("body", "Texte.") + &file("relevé\\", "1") + "--edge--\r\n";
        let (came, fields) = come_of(&form);
        assert_eq!(came, [("relevé\\".to_owned(), 1, Some(b"1".to_vec()))]);
        assert_eq!(fields, 1);
    }

    #[tokio::test]
    async fn names_count_as_text() {
        let name = "n".repeat(15_000);
        let form: String = (0..400).map(|_| text(&name, "")).collect();
        let (_, read, _) = read(&form).await;
        assert!(matches!(read, Err(Refusal::TooLarge)), "{read:?}");
    }

    #[test]
    fn more_fields_than_any_form_has_are_refused() {
        let form = |count: usize| vec!["a=1"; count].join("&");
        assert!(Body::default().urlencoded(form(500).as_bytes()).is_ok());
        let mut body = Body::default();
        let read = body.urlencoded(form(501).as_bytes());
        assert!(matches!(read, Err(Refusal::TooLarge)), "{read:?}");
        assert_eq!(body.fields.all("a").len(), 500, "what was read stays");
    }
}
