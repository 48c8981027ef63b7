//! Counting and digesting bytes as they pass.

use std::io::{self, Read, Write};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A reader or writer, with the length and the SHA-256 of what has passed through it.
pub struct Digesting<T> {
    inner: T,
    hasher: Sha256,
    size: u64,
}

impl<T> Digesting<T> {
    /// Nothing has passed yet.
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
            size: 0,
        }
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 so far, hexadecimal.
    pub fn sha256(&self) -> String {
        HEXLOWER.encode(&self.hasher.clone().finalize())
    }

    /// What the bytes went to or came from.
    pub fn into_inner(self) -> T {
        self.inner
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.size += bytes.len() as u64;
    }
}

impl Digesting<io::Sink> {
    /// Digests all that a reader gives.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn of(mut read: impl Read) -> io::Result<Self> {
        let mut digesting = Self::new(io::sink());
        io::copy(&mut read, &mut digesting)?;
        Ok(digesting)
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.pass(&buffer[..read]);
        Ok(read)
    }
}
