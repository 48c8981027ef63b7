//! In whose name mails leave: a name and an address, as `Support <support@example.com>`.

use lettre::message::Mailbox;

/// Reads a sender. White space in its name is a single space, and what is written of it reads the same
/// again: [`Mailbox`] writes tabs and double spaces without the quotes that they need, and an address
/// without those that it had.
#[must_use]
pub fn parse(text: &str) -> Option<Mailbox> {
    if text.contains(|c: char| c.is_control() && c != '\t') {
        return None;
    }
    let read: Mailbox = text.parse().ok()?;
    let words: Vec<&str> = read
        .name
        .iter()
        .flat_map(|n| n.split_whitespace())
        .collect();
    let name = Some(words.join(" ")).filter(|name| !name.is_empty());
    let sender = Mailbox::new(name, read.email);
    let again = sender.to_string().parse::<Mailbox>();
    again.is_ok_and(|again| again == sender).then_some(sender)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> Option<String> {
        parse(text).map(|sender| sender.to_string())
    }

    #[test]
    fn white_space_is_a_single_space() {
        for text in [
            "Orvelle Support <a@b.example>",
            "Orvelle \t\t Support <a@b.example>",
            "\"Orvelle\t\tSupport\" <a@b.example>",
            "\" Orvelle\\ \\ Support \" <a@b.example>",
            " Orvelle\u{a0}Support\t<a@b.example> ",
        ] {
            let one = written(text);
            assert_eq!(
                one.as_deref(),
                Some("Orvelle Support <a@b.example>"),
                "{text:?}"
            );
        }
        for text in ["a@b.example", "\" \t\" <a@b.example>", "<a@b.example>"] {
            assert_eq!(written(text).as_deref(), Some("a@b.example"), "{text:?}");
        }
    }

    #[test]
    fn what_would_not_read_the_same_again_is_refused() {
        for text in [
            "\"a\u{7}b\" <a@b.example>",
            "\"a\\\u{1b}b\" <a@b.example>",
            "Support\r\n <a@b.example>",
            "Support\u{85}<a@b.example>",
            // Without its quotes it is no address.
            "Support <\"\\\"a b\\\"\"@b.example>",
            "Support",
            "",
        ] {
            assert_eq!(written(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same_again(
            name in "[ \t\u{a0}a-c9.,\"\\\\é]{0,12}",
            address in "[a-c. \t\"\\\\]{1,6}@[a-c.]{1,6}",
        ) {
            for text in [
                format!("{name} <{address}>"),
                format!("\"{name}\" <{address}>"),
                format!("\"{name}\" <a@b.example>"),
                address.clone(),
            ] {
                if let Some(sender) = parse(&text) {
                    prop_assert_eq!(parse(&sender.to_string()), Some(sender), "{:?}", text);
                }
            }
        }

        #[test]
        fn a_name_is_its_words(words in prop::collection::vec("[a-zé\"\\\\,.9]{1,5}", 1..4), gap in "[ \t\u{a0}]{1,3}") {
            let email: lettre::Address = "a@b.example".parse().expect("an address");
            let name = words.join(&gap);
            let sender = parse(&Mailbox::new(Some(name), email).to_string()).expect("it is one");
            prop_assert_eq!(sender.name, Some(words.join(" ")));
        }
    }
}
