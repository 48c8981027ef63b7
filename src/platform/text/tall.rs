//! Which texts are folded when they are shown among others.

/// Lines above which a text is folded: about two screens of a phone.
const LINES: usize = 40;
/// Bytes that a line of a message holds, markup included.
const LINE_BYTES: usize = 80;

/// Whether a text in HTML, as this module writes it with a newline after every line and block, is
/// so tall that what follows it would be far away.
#[must_use]
pub fn is_tall(html: &str) -> bool {
    let lines = html.lines().map(|line| 1 + line.len() / LINE_BYTES);
    lines.sum::<usize>() > LINES
}

#[cfg(test)]
mod tests {
    use super::is_tall;
    use crate::platform::text::SafeHtml;

    #[test]
    fn many_lines_and_long_ones_are_tall() {
        let tall = |text: &str| is_tall(SafeHtml::plain_text(text).as_str());
        assert!(tall(&"x\n".repeat(200)));
        assert!(tall(&"word ".repeat(1_000)));
        assert!(!tall(&"x\n".repeat(20)));
        assert!(!tall(&"word ".repeat(300)));
        assert!(!tall(""));
    }
}
