//! The one door for everything that changes something: who sends it, that it comes from our
//! own page, and its fields, in one type.
//!
//! Every route that is not a GET takes a [`Posted`]; a test walks the routes to see that.

use rocket::Request;
use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::http::{ContentType, Status};
use rocket::request::FromRequest;
use sha2::{Digest, Sha256};
use std::sync::Arc;
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
}

/// What was typed into a form that was refused, for the page that says so.
#[derive(Clone, Default)]
pub struct Typed(pub Arc<Fields>);

#[rocket::async_trait]
impl<'r, A: FromRequest<'r>> FromData<'r> for Posted<A> {
    type Error = Refusal;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        let Some(site) = request.rocket().state::<Arc<Site>>() else {
            return Outcome::Error((Status::InternalServerError, Refusal::Malformed));
        };
        let (fields, uploads) = match read(request, data, site).await {
            Ok(read) => read,
            Err(Refusal::TooLarge) => {
                return Outcome::Error((Status::PayloadTooLarge, Refusal::TooLarge));
            }
            Err(refusal) => return Outcome::Error((Status::BadRequest, refusal)),
        };
        let token_ok = {
            let binding = Binding::of(request, site.settings.is_https());
            binding.accepts(&site.key, fields.get("csrf"))
        };
        // Kept for the page that explains a refusal, so that nothing typed is lost.
        request.local_cache(|| Typed(Arc::new(fields.clone())));
        // Before the guard: what another site sends in the name of somebody signed out must not
        // be offered to them to be sent on once they sign in.
        if !csrf::same_origin(request, site) {
            return Outcome::Error((Status::Forbidden, Refusal::Foreign));
        }
        let who = match request.guard::<A>().await {
            rocket::outcome::Outcome::Success(who) => who,
            rocket::outcome::Outcome::Error((status, _)) => {
                return Outcome::Error((status, Refusal::Audience));
            }
            rocket::outcome::Outcome::Forward(status) => {
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

async fn read(
    request: &Request<'_>,
    data: Data<'_>,
    site: &Site,
) -> Result<(Fields, Vec<Upload>), Refusal> {
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
        return Ok((urlencoded(&text), Vec::new()));
    }
    if content_type.is_form_data() {
        let boundary = content_type.param("boundary").ok_or(Refusal::Malformed)?;
        return multipart(data, boundary, site).await;
    }
    Err(Refusal::Malformed)
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

/// Reads all parts, whatever their limits: what is over one is counted but not kept, so that
/// the page can name each fault and give the texts back.
async fn multipart(
    data: Data<'_>,
    boundary: &str,
    site: &Site,
) -> Result<(Fields, Vec<Upload>), Refusal> {
    let settings = &site.settings;
    let files = u64::try_from(settings.max_files).unwrap_or(1) + 1;
    // Twice what is allowed is still read through, to be able to answer with a page.
    let limit = 2 * files * settings.max_file_bytes + MAX_TEXT_BYTES;
    let mut form = multer::Multipart::with_reader(data.open(limit.bytes()), boundary);
    let (mut fields, mut uploads) = (Fields::default(), Vec::new());
    let mut text_bytes = 0_u64;
    let mut count = 0;
    while let Some(part) = form.next_field().await.map_err(|e| refusal(&e))? {
        count += 1;
        if count > MAX_FIELDS {
            return Err(Refusal::TooLarge);
        }
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file_name) => {
                let keep = uploads.len() < settings.max_files;
                let upload = receive(part, name, file_name, keep, site).await?;
                // A file input left empty sends one part without name or content.
                if upload.size > 0 || !upload.name.is_empty() {
                    uploads.push(upload);
                }
            }
            None => {
                let bytes = part.bytes().await.map_err(|e| refusal(&e))?;
                text_bytes += bytes.len() as u64;
                if text_bytes > MAX_TEXT_BYTES {
                    return Err(Refusal::TooLarge);
                }
                fields.push(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    Ok((fields, uploads))
}

async fn receive(
    mut part: multer::Field<'_>,
    field: String,
    name: String,
    keep: bool,
    site: &Site,
) -> Result<Upload, Refusal> {
    let folder = site.settings.data_dir.join("tmp");
    let temporary = tokio::task::spawn_blocking(move || tempfile::NamedTempFile::new_in(folder))
        .await
        .map_err(|_| Refusal::Malformed)?
        .map_err(|error| {
            tracing::error!(%error, "no temporary file could be made for an upload");
            Refusal::Malformed
        })?;
    let (file, path) = temporary.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut hash = Sha256::new();
    let (mut size, mut head) = (0_u64, Vec::new());
    while let Some(chunk) = part.chunk().await.map_err(|e| refusal(&e))? {
        size += chunk.len() as u64;
        if keep && size <= site.settings.max_file_bytes {
            if head.len() < HEAD_BYTES {
                head.extend_from_slice(&chunk[..chunk.len().min(HEAD_BYTES - head.len())]);
            }
            hash.update(&chunk);
            file.write_all(&chunk).await.map_err(|error| {
                tracing::error!(%error, "an upload could not be written");
                Refusal::Malformed
            })?;
        }
    }
    file.sync_all().await.map_err(|error| {
        tracing::error!(%error, "an upload could not be synced");
        Refusal::Malformed
    })?;
    let kept = keep && size <= site.settings.max_file_bytes;
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
