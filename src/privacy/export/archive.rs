//! A zip file that is written from its beginning to its end.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

use serde::Serialize;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::ExportError;
use crate::platform::db::Timestamp;

/// Fast: most of an archive are files that do not shrink.
const LEVEL: i64 = 3;

/// An archive that is being written.
pub(super) struct Archive {
    zip: ZipWriter<BufWriter<File>>,
    made_at: DateTime,
}

impl Archive {
    /// Into an empty file.
    pub fn new(file: File, made_at: Timestamp) -> Self {
        use chrono::{Datelike, Timelike};
        let at = made_at.utc();
        let part = |number: u32| u8::try_from(number).unwrap_or_default();
        let made_at = DateTime::from_date_and_time(
            u16::try_from(at.year()).unwrap_or(1980),
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        Self {
            zip: ZipWriter::new(BufWriter::new(file)),
            made_at: made_at.unwrap_or_default(),
        }
    }

    /// Begins an entry of text; what is written from now on is its content.
    pub fn begin(&mut self, path: &str) -> Result<(), ExportError> {
        let options = self.options(CompressionMethod::Deflated, 0);
        Ok(self
            .zip
            .start_file(path, options.compression_level(Some(LEVEL)))?)
    }

    /// Adds a text.
    pub fn add(&mut self, path: &str, text: &str) -> Result<(), ExportError> {
        self.begin(path)?;
        Ok(self.write_all(text.as_bytes())?)
    }

    /// Adds a value as JSON that people can read, too.
    pub fn add_json(&mut self, path: &str, value: &impl Serialize) -> Result<(), ExportError> {
        self.begin(path)?;
        serde_json::to_writer_pretty(&mut *self, value).map_err(io::Error::from)?;
        Ok(self.write_all(b"\n")?)
    }

    /// Adds a file as it is.
    pub fn add_file(
        &mut self,
        path: &str,
        file: &mut impl Read,
        size: u64,
    ) -> Result<(), ExportError> {
        let options = self.options(CompressionMethod::Stored, size);
        self.zip.start_file(path, options)?;
        io::copy(file, self)?;
        Ok(())
    }

    /// Ends the archive, and gives the file back.
    pub fn finish(self) -> Result<File, ExportError> {
        let file = self.zip.finish()?;
        Ok(file.into_inner().map_err(io::IntoInnerError::into_error)?)
    }

    fn options(&self, method: CompressionMethod, size: u64) -> SimpleFileOptions {
        SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(self.made_at)
            // The older form, which every program opens, ends at 4 GiB.
            .large_file(size >= u64::from(u32::MAX))
            .unix_permissions(0o600)
    }
}

impl Write for Archive {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.zip.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}
