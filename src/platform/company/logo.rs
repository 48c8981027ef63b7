//! A company's logo: a small picture that cannot do anything.

use std::sync::Arc;

use imagesize::ImageType;

/// Largest file, in bytes: it is sent with every first visit.
pub const MAX_BYTES: usize = 300_000;

/// Longest side, in pixels.
pub const MAX_SIDE: usize = 2000;

/// A logo, ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// What it is, told from its content.
    pub media_type: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    /// The file.
    pub content: Arc<[u8]>,
}

/// Why a file cannot be a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLogo {
    /// It is a drawing (SVG), which may hold scripts and load things from elsewhere.
    Drawing,
    /// It is no PNG, JPEG or WebP.
    OtherType,
    /// It weighs too much.
    TooHeavy,
    /// It has too many pixels.
    TooLarge,
}

impl NoLogo {
    /// Key of the text that says so.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Drawing => "settings-logo-drawing",
            Self::OtherType => "settings-logo-type",
            Self::TooHeavy => "settings-logo-heavy",
            Self::TooLarge => "settings-logo-large",
        }
    }
}

impl Logo {
    /// A file as a logo, by what it contains.
    ///
    /// # Errors
    /// See [`NoLogo`].
    pub fn verify(content: Vec<u8>, sha256: String) -> Result<Self, NoLogo> {
        if content.len() > MAX_BYTES {
            return Err(NoLogo::TooHeavy);
        }
        let media_type = match imagesize::image_type(&content) {
            Ok(ImageType::Png) => "image/png",
            Ok(ImageType::Jpeg) => "image/jpeg",
            Ok(ImageType::Webp) => "image/webp",
            _ if is_drawing(&content) => return Err(NoLogo::Drawing),
            _ => return Err(NoLogo::OtherType),
        };
        let size = imagesize::blob_size(&content).map_err(|_| NoLogo::OtherType)?;
        let sides = 1..=MAX_SIDE;
        if !sides.contains(&size.width) || !sides.contains(&size.height) {
            return Err(NoLogo::TooLarge);
        }
        let pixels = |side: usize| i32::try_from(side).map_err(|_| NoLogo::TooLarge);
        Ok(Self {
            sha256,
            media_type: media_type.to_owned(),
            width: pixels(size.width)?,
            height: pixels(size.height)?,
            content: content.into(),
        })
    }

    /// Its address: another content has another one.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/brand/logo/{}", &self.sha256[..16.min(self.sha256.len())])
    }
}

fn is_drawing(content: &[u8]) -> bool {
    let head = &content[..content.len().min(2000)];
    head.windows(4)
        .any(|word| word.eq_ignore_ascii_case(b"<svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signature and the header of a PNG of this size: what its size is read from.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        file.extend([8, 6, 0, 0, 0]);
        file
    }

    #[test]
    fn a_logo_is_what_it_contains() {
        let logo = Logo::verify(png(320, 80), "0".repeat(64)).expect("a picture");
        assert_eq!((logo.width, logo.height), (320, 80));
        assert_eq!(logo.media_type, "image/png");
        let refused = |content: Vec<u8>| Logo::verify(content, String::new()).expect_err("no logo");
        assert_eq!(
            refused(b"<?xml version='1.0'?><SVG xmlns='x'>".to_vec()),
            NoLogo::Drawing
        );
        assert_eq!(refused(b"GIF89a\x10\0\x10\0".to_vec()), NoLogo::OtherType);
        assert_eq!(refused(Vec::new()), NoLogo::OtherType);
        assert_eq!(refused(png(20_000, 80)), NoLogo::TooLarge);
        assert_eq!(refused(png(0, 80)), NoLogo::TooLarge);
        assert_eq!(refused(vec![0; MAX_BYTES + 1]), NoLogo::TooHeavy);
    }
}
