//! How large a picture is, so that a page keeps its place while it arrives.

use std::fs;
use std::path::Path;

use roxmltree::Document;

/// Pixels: width and height.
pub type Size = (u32, u32);

/// Longest text of a drawing that is looked into, in bytes.
const DRAWING_BYTES: u64 = 2_000_000;
/// What browsers make of a drawing that says nothing of its size (CSS 2.2, 10.3.2).
const UNSAID: Size = (300, 150);
/// As wide as a column of text at most: a drawing that only tells its proportions fills it.
const COLUMN: u32 = 720;

/// A picture of the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Unless the file keeps it to itself.
    pub size: Option<Size>,
}

impl Picture {
    /// Looks at the head of a file.
    #[must_use]
    pub fn read(file: &Path) -> Self {
        let drawn = file
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
        let size = if drawn { drawing(file) } else { pixels(file) };
        Self { size }
    }
}

fn pixels(file: &Path) -> Option<Size> {
    let size = imagesize::size(file).ok()?;
    Some((size.width.try_into().ok()?, size.height.try_into().ok()?))
}

fn drawing(file: &Path) -> Option<Size> {
    if fs::metadata(file).ok()?.len() > DRAWING_BYTES {
        return None;
    }
    size_of_drawing(&fs::read_to_string(file).ok()?)
}

fn size_of_drawing(text: &str) -> Option<Size> {
    // One with a document type is left alone: entities can grow without end.
    let document = Document::parse(text).ok()?;
    let svg = document.root_element();
    if svg.tag_name().name() != "svg" {
        return None;
    }
    let length = |name: &str| {
        let value = svg.attribute(name)?.trim();
        whole(value.strip_suffix("px").unwrap_or(value).parse().ok()?)
    };
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return Some((width, height));
    }
    let Some(view) = svg.attribute("viewBox") else {
        return Some(UNSAID);
    };
    let view: Vec<f64> = view
        .split([' ', ',', '\n', '\t'])
        .filter_map(|number| number.parse().ok())
        .collect();
    let [_, _, width, height] = view[..] else {
        return Some(UNSAID);
    };
    Some((COLUMN, whole(f64::from(COLUMN) * height / width)?))
}

/// Pixels that can be written into a page.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within limits"
)]
fn whole(pixels: f64) -> Option<u32> {
    (1.0..=100_000.0)
        .contains(&pixels)
        .then(|| pixels.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_as_large_as_it_says() {
        for (attributes, size) in [
            ("width='120' height='40px'", Some((120, 40))),
            (
                "width='12.6' height='0.2' viewBox='0 0 24 12'",
                Some((720, 360)),
            ),
            ("width='100%' viewBox='0,0,300,100'", Some((720, 240))),
            ("width='100%'", Some(UNSAID)),
            ("viewBox='0 0 0 0'", None),
            ("viewBox='0 0 1 NaN'", None),
        ] {
            let text = format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
            assert_eq!(size_of_drawing(&text), size, "{attributes}");
        }
        assert_eq!(size_of_drawing("<html/>"), None);
        assert_eq!(size_of_drawing("nothing"), None);
    }

    #[test]
    fn a_drawing_that_grows_without_end_is_left_alone() {
        let mut text = "<!DOCTYPE svg [<!ENTITY a0 'a'>".to_owned();
        for n in 1..30 {
            text += &format!("<!ENTITY a{n} '&a{0};&a{0};&a{0};'>", n - 1);
        }
        text += "]><svg>&a29;</svg>";
        assert_eq!(size_of_drawing(&text), None);
    }

    #[test]
    fn a_photograph_is_measured_whatever_its_kind() {
        let root = tempfile::tempdir().unwrap();
        let gif = b"GIF89a\x05\x00\x07\x00\x80\x00\x00";
        for (name, bytes, size) in [
            (
                "square.png",
                &include_bytes!("../../../tests/browser/square.png")[..],
                true,
            ),
            ("line.gif", &gif[..], true),
            ("text.png", b"no picture", false),
        ] {
            let file = root.path().join(name);
            fs::write(&file, bytes).unwrap();
            assert_eq!(Picture::read(&file).size.is_some(), size, "{name}");
        }
        assert_eq!(
            Picture::read(&root.path().join("line.gif")).size,
            Some((5, 7))
        );
        assert_eq!(
            Picture::read(&root.path().join("none.png")),
            Picture::default()
        );
    }
}
