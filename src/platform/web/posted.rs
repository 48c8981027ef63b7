//! The one door for everything that changes something: who sends it, that it comes from our
//! own page, and its fields, in one type.
//!
//! Every route that is not a GET takes a [`Posted`]; a test walks the routes to see that.

use rocket::Request;
use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::http::{ContentType, Status};
use rocket::request::FromRequest;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt;

use super::csrf::{self, Binding};
use super::form::{Fields, Upload};
use super::site::Site;

/// Text of a whole form, at most. A field over its own limit is refused with a message and
/// comes back; this bound only keeps the memory of one request in check.
const MAX_TEXT_BYTES: u64 = 4_000_000;

/// Fields of a form, at most.
const MAX_FIELDS: usize = 500;

/// Bytes kept to tell a file's type.
const HEAD_BYTES: usize = 512;

/// Files that are read through to answer with a page, at most, each as large as is allowed. A
/// browser whose upload is cut off shows an error of its own and no page.
const READ_THROUGH: u64 = 40;

/// A form that was sent by `who`, from one of our pages.
pub struct Posted<A> {
    /// The audience guard: who sends it.
    pub who: A,
    /// The text fields.
    pub fields: Fields,
    /// The files.
    pub uploads: Vec<Upload>,
}

/// Why a form was not accepted.
#[derive(Debug)]
pub enum Refusal {
    /// Who sends it has no right to, or is not signed in any more.
    Audience,
    /// It does not come from a page of this session.
    Foreign,
    /// It cannot be read.
    Malformed,
    /// It is larger than any form of ours.
    TooLarge,
    /// A file in it cannot be stored just now.
    Unwritable,
}

/// What was typed into a form that was refused, for the page that says so.
#[derive(Clone, Default)]
pub struct Typed(pub Arc<Fields>);

/// The files of a form whose sender may not send it, or not any more.
#[derive(Default)]
pub struct Stranded(pub Mutex<Vec<Upload>>);

#[rocket::async_trait]
impl<'r, A: FromRequest<'r>> FromData<'r> for Posted<A> {
    type Error = Refusal;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        let Some(site) = request.rocket().state::<Arc<Site>>() else {
            return Outcome::Error((Status::InternalServerError, Refusal::Malformed));
        };
        let mut body = Body::default();
        let read = body.read(request, data, site).await;
        let Body { fields, uploads } = body;
        let token_ok = {
            let binding = Binding::of(request, site.settings.is_https());
            binding.accepts(&site.key, fields.get("csrf"))
        };
        // Kept for the page that explains a refusal, so that nothing typed is lost.
        request.local_cache(|| Typed(Arc::new(fields.clone())));
        if let Err(refusal) = read {
            let status = match refusal {
                Refusal::TooLarge => Status::PayloadTooLarge,
                Refusal::Unwritable => Status::ServiceUnavailable,
                _ => Status::BadRequest,
            };
            return Outcome::Error((status, refusal));
        }
        // Before the guard: what another site sends in the name of somebody signed out must not
        // be offered to them to be sent on once they sign in.
        if !csrf::same_origin(request, site) {
            return Outcome::Error((Status::Forbidden, Refusal::Foreign));
        }
        let who = match request.guard::<A>().await {
            rocket::outcome::Outcome::Success(who) => who,
            rocket::outcome::Outcome::Error((status, _))
            | rocket::outcome::Outcome::Forward(status) => {
                request.local_cache(|| Stranded(Mutex::new(uploads)));
                return Outcome::Error((status, Refusal::Audience));
            }
        };
        if !token_ok {
            return Outcome::Error((Status::Forbidden, Refusal::Foreign));
        }
        Outcome::Success(Self {
            who,
            fields,
            uploads,
        })
    }
}

/// What was read of a form so far.
#[derive(Default)]
struct Body {
    fields: Fields,
    uploads: Vec<Upload>,
}

impl Body {
    /// Reads as much as can be read: what came before a fault stays.
    async fn read(
        &mut self,
        request: &Request<'_>,
        data: Data<'_>,
        site: &Site,
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
            self.fields = urlencoded(&text);
            return Ok(());
        }
        if content_type.is_form_data() {
            let boundary = content_type.param("boundary").ok_or(Refusal::Malformed)?;
            return self.multipart(data, boundary, site).await;
        }
        Err(Refusal::Malformed)
    }

    /// Reads all parts, whatever their limits: what is over one is counted but not kept, so that
    /// the page can name each fault and give the texts back.
    async fn multipart(
        &mut self,
        data: Data<'_>,
        boundary: &str,
        site: &Site,
    ) -> Result<(), Refusal> {
        let company = site.company.get();
        let limit = READ_THROUGH * company.max_file_bytes + MAX_TEXT_BYTES;
        let mut form = multer::Multipart::with_reader(data.open(limit.bytes()), boundary);
        let (mut text_bytes, mut count) = (0_u64, 0);
        while let Some(part) = form.next_field().await.map_err(|e| refusal(&e))? {
            count += 1;
            if count > MAX_FIELDS {
                return Err(Refusal::TooLarge);
            }
            let name = part.name().unwrap_or_default().to_owned();
            if let Some(file_name) = part.file_name().map(str::to_owned) {
                let keep = self.uploads.len() < company.max_files;
                let largest = if keep { company.max_file_bytes } else { 0 };
                let upload = receive(part, (name, file_name), largest, site).await?;
                // A file input left empty sends one part without name or content.
                if upload.size > 0 || !upload.name.is_empty() {
                    self.uploads.push(upload);
                }
            } else {
                let bytes = text(part, &mut text_bytes).await?;
                let value = String::from_utf8_lossy(&bytes).into_owned();
                self.fields.push(name, value);
            }
        }
        Ok(())
    }
}

/// The bytes of a text field, counted while they come.
async fn text(mut part: multer::Field<'_>, total: &mut u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|e| refusal(&e))? {
        *total += chunk.len() as u64;
        if *total > MAX_TEXT_BYTES {
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn urlencoded(bytes: &[u8]) -> Fields {
    let mut fields = Fields::default();
    let text = String::from_utf8_lossy(bytes);
    for (name, value) in rocket::form::prelude::Form::values(&text)
        .take(MAX_FIELDS)
        .map(|field| (field.name.source().to_string(), field.value))
    {
        fields.push(decode(&name), decode(value));
    }
    fields
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8_lossy()
        .into_owned()
}

async fn receive(
    mut part: multer::Field<'_>,
    (field, name): (String, String),
    largest: u64,
    site: &Site,
) -> Result<Upload, Refusal> {
    let folder = site.settings.data_dir.join("tmp");
    let temporary = tokio::task::spawn_blocking(move || tempfile::NamedTempFile::new_in(folder))
        .await
        .map_err(|_| Refusal::Malformed)?
        .map_err(|error| {
            tracing::error!(%error, "no temporary file could be made for an upload");
            Refusal::Unwritable
        })?;
    let (file, path) = temporary.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut hash = Sha256::new();
    let (mut size, mut head) = (0_u64, Vec::new());
    while let Some(chunk) = part.chunk().await.map_err(|e| refusal(&e))? {
        size += chunk.len() as u64;
        if size <= largest {
            if head.len() < HEAD_BYTES {
                head.extend_from_slice(&chunk[..chunk.len().min(HEAD_BYTES - head.len())]);
            }
            hash.update(&chunk);
            file.write_all(&chunk).await.map_err(|error| {
                tracing::error!(%error, "an upload could not be written");
                Refusal::Unwritable
            })?;
        }
    }
    file.sync_all().await.map_err(|error| {
        tracing::error!(%error, "an upload could not be synced");
        Refusal::Unwritable
    })?;
    let kept = size <= largest;
    Ok(Upload {
        field,
        name,
        size,
        sha256: data_encoding::HEXLOWER.encode(&hash.finalize()),
        head,
        path: kept.then_some(path),
    })
}

fn refusal(error: &multer::Error) -> Refusal {
    tracing::debug!(%error, "a form could not be read");
    match error {
        multer::Error::IncompleteStream
        | multer::Error::IncompleteFieldData { .. }
        | multer::Error::FieldSizeExceeded { .. }
        | multer::Error::StreamSizeExceeded { .. } => Refusal::TooLarge,
        _ => Refusal::Malformed,
    }
}
