use super::super::href::{ImageRef, Resolved};
use super::super::safe_html::sanitise_anew;
use super::super::sanitised::Policy;
use super::*;

/// A site with one article and one picture.
struct Site;

impl LinkResolver for Site {
    fn link(&self, target: &str) -> Resolved {
        match target.split_once('#').unwrap_or((target, "")) {
            ("", _) => Resolved::Local(target.to_owned()),
            ("voyants", "") => Resolved::Local("/aide/voyants".to_owned()),
            ("voyants", part) => Resolved::Local(format!("/aide/voyants#{part}")),
            _ if target.contains(':') => Resolved::External(target.to_owned()),
            _ => Resolved::Unknown,
        }
    }

    fn image(&self, target: &str) -> Option<ImageRef> {
        match target {
            "box.png" => Some(ImageRef {
                src: "/media/7".to_owned(),
                size: Some((640, 480)),
            }),
            // What a careless resolver could answer.
            "ailleurs.png" => Some(ImageRef {
                src: "//evil.example/x.png".to_owned(),
                size: None,
            }),
            _ => None,
        }
    }
}

fn article(source: &str) -> Article {
    render_article(source, Lang::En, &Site).expect("within the budget")
}

fn html(source: &str) -> String {
    article(source).html.into_string()
}

fn message(source: &str) -> String {
    render_message(source)
        .expect("within the budget")
        .into_string()
}

#[test]
fn french_prose_is_set_and_nothing_else() {
    let source = "# Que faire ?\n\nMotif : **panne** ; voir `a ? b` et https://exemple.fr/?a=1.\n\n\
        ## Le voyant « PON » : `x ; y` ?\n\n[Suite ?](voyants#que-faire) <b title=\"a ?\">\n\n\
        | Sens : |\n|---|\n| Débit ! |\n\n```\nif a ? b : c ;\n```\n";
    let set = render_article(source, Lang::Fr, &Site).expect("within the budget");
    let html = set.html.as_str().replace("&nbsp;", "\u{a0}");
    for part in [
        "Que faire\u{202f}?",
        "Motif\u{a0}: <strong>panne</strong>\u{202f}; voir <code>a ? b</code>",
        "https://exemple.fr/?a=1.",
        "Le voyant «\u{a0}PON\u{a0}»\u{a0}: <code>x ; y</code>\u{202f}?",
        "<a href=\"/aide/voyants#que-faire\">Suite\u{202f}?</a>",
        "title=\"a ?\"",
        "Sens\u{a0}:",
        "Débit\u{202f}!",
        "if a ? b : c ;",
    ] {
        assert!(html.contains(part), "{part:?} in {html}");
    }
    let typed = article(source);
    assert_eq!(set.plain, typed.plain, "search reads what was typed");
    let ids = |article: &Article| -> Vec<String> {
        article
            .headings
            .iter()
            .map(|heading| heading.id.clone())
            .collect()
    };
    assert_eq!(ids(&set), ids(&typed), "anchors do not move");
    assert_eq!(
        set.headings[1].text,
        "Le voyant «\u{a0}PON\u{a0}»\u{a0}: x ; y\u{202f}?"
    );
    assert_eq!(
        typed.headings[0].text, "Que faire ?",
        "English is not French"
    );
}

#[test]
fn headings_get_anchors_and_the_title_is_not_theirs() {
    let article = article(
        "# Éteindre\n\n## L'œil `rouge`\n\n## L'oeil rouge\n\n## 日本\n\n###### Fin & \"suite\"\n",
    );
    let ids: Vec<_> = article
        .headings
        .iter()
        .map(|h| (h.level, h.id.as_str()))
        .collect();
    assert_eq!(
        ids,
        [
            (2, "eteindre"),
            (2, "l-oeil-rouge"),
            (2, "l-oeil-rouge-2"),
            (2, "section"),
            (6, "fin-suite")
        ]
    );
    assert!(article.html.as_str().starts_with(
        "<h2 id=\"eteindre\">Éteindre<a class=\"anchor\" href=\"#eteindre\" aria-label=\"Éteindre\"></a></h2>"
    ));
    assert!(
        article
            .html
            .as_str()
            .contains("aria-label=\"Fin &amp; &quot;suite&quot;\"")
    );
}

#[test]
fn equal_headings_never_share_an_identifier() {
    let article = article("## a\n\n## a 2\n\n## a\n\n## a\n");
    let ids: Vec<_> = article.headings.iter().map(|h| h.id.as_str()).collect();
    assert_eq!(ids, ["a", "a-2", "a-3", "a-4"]);
}

#[test]
fn the_lead_is_the_paragraph_before_the_sections() {
    let article = article("# Titre\n\nLe *voyant*\nest rouge.\n\nSuite.\n");
    assert_eq!(article.lead.as_deref(), Some("Le voyant est rouge."));
    assert!(
        article
            .html
            .as_str()
            .contains("<p class=\"lead\">Le <em>voyant</em>\nest rouge.</p>\n<p>Suite.</p>")
    );
    assert_eq!(self::article("## Section\n\nTexte.\n").lead, None);
    assert_eq!(self::article("- a\n\nTexte.\n").lead, None);
}

#[test]
fn callouts_carry_their_kind_and_title() {
    let html = html(
        "x\n\n> [!NOTE]\n> Texte.\n\n> [!CAUTION]\n> **Ne pas ouvrir**\n> Danger.\n\n> [!TIP]\n> **Astuce**\n>\n> Suite.\n\n> [!WARNING]\n> **Gras** puis non.\n",
    );
    for part in [
        "<div class=\"callout callout-info\" role=\"note\">\n<p>Texte.</p>\n</div>",
        "<div class=\"callout callout-danger\" role=\"note\">\n<p class=\"callout-title\"><strong>Ne pas ouvrir</strong></p>\n<p>Danger.</p>\n</div>",
        "<div class=\"callout callout-tip\" role=\"note\">\n<p class=\"callout-title\"><strong>Astuce</strong></p>\n<p>Suite.</p>\n</div>",
        "<div class=\"callout callout-warning\" role=\"note\">\n<p><strong>Gras</strong> puis non.</p>\n</div>",
    ] {
        assert!(html.contains(part), "{part}\nnot in\n{html}");
    }
    assert!(self::html("> [!IMPORTANT]\n> a\n").contains("callout-warning"));
    assert!(self::html("> a\n").contains("<blockquote>\n<p>a</p>\n</blockquote>"));
}

#[test]
fn ordered_lists_of_bold_lines_are_steps() {
    assert!(
        html("1. **Débrancher**\n   la box.\n2. **Attendre**\n")
            .starts_with("<ol class=\"steps\">")
    );
    assert!(
        html("1. **Débrancher**\n\n   la box.\n\n2. **Attendre**\n\n   - a\n")
            .starts_with("<ol class=\"steps\">")
    );
    assert!(html("1. **Débrancher**\n2. attendre\n").starts_with("<ol>"));
    assert!(html("1. **Débrancher** la box\n").starts_with("<ol>"));
    assert!(html("3. **a**\n").starts_with("<ol start=\"3\" class=\"steps\">"));
    assert!(html("- **a**\n").starts_with("<ul>"));
}

#[test]
fn tables_scroll_and_have_a_name() {
    assert_eq!(
        html("| Voyant | Sens |\n|:--|--:|\n| rouge | *panne* |\n"),
        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Voyant Sens\"><table>\
<thead><tr><th scope=\"col\">Voyant</th><th scope=\"col\" class=\"align-right\">Sens</th></tr></thead><tbody>\n\
<tr><td>rouge</td><td class=\"align-right\"><em>panne</em></td></tr>\n</tbody></table></div>\n"
    );
    assert!(html("||\n|-|\n|a|\n").contains("<div class=\"table-scroll\" tabindex=\"0\"><table>"));
}

#[test]
fn footnotes_stand_at_the_end_in_order_of_mention() {
    let html = html(
        "Un[^b] deux[^a] un[^b].\n\n[^a]: Note *a*.\n\n[^b]: Note b.\n\n[^c]: Jamais citée.\n\nFin.\n",
    );
    assert!(html.contains("Un<sup><a href=\"#fn:1\" id=\"fnref:1\">1</a></sup> deux<sup><a href=\"#fn:2\" id=\"fnref:2\">2</a></sup> un<sup><a href=\"#fn:1\">1</a></sup>."));
    let notes = html
        .split_once("<section class=\"footnotes\" role=\"doc-endnotes\">")
        .expect("a section of notes")
        .1;
    let at = |text: &str| {
        notes
            .find(text)
            .unwrap_or_else(|| panic!("{text} not in {notes}"))
    };
    assert!(at("<li id=\"fn:1\"><p>Note b.</p>") < at("<li id=\"fn:2\"><p>Note <em>a</em>.</p>"));
    assert!(at("<li id=\"fn:2\">") < at("Jamais citée"));
    assert!(!notes.contains("Fin."));
}

#[test]
fn the_other_marks_of_an_article() {
    assert!(
        html("- [x] fait\n- [ ] reste\n").contains("<li><span class=\"task\">☑</span> fait</li>")
    );
    assert!(html("~~non~~").contains("<del>non</del>"));
    assert!(
        html("```sh\nls <a>\n```\n")
            .contains("<pre><code class=\"language-sh\">ls &lt;a&gt;\n</code></pre>")
    );
    assert!(html("```\"onclick=x\na\n```\n").contains("<pre><code>a"));
    assert!(html("\"a\" -- b...").contains("\"a\" -- b..."));
    assert!(html("a\nb  \nc").contains("a\nb<br>\nc"));
    assert!(
        html("<b>gras</b> <!-- x -->\n\n<div>\nbloc\n</div>\n")
            .contains("&lt;b&gt;gras&lt;/b&gt; &lt;!-- x --&gt;")
    );
}

#[test]
fn links_are_resolved_and_reported() {
    let source = "[a](voyants#Les Voyants)\n\n[b](<voyants#Les Étapes>) [c](perdu)\n\n[d](https://a.example \"T\") <aide@a.example> [e](tel:0199001234)\n[f](#Les-Étapes)\n";
    let article = article(source);
    let links: Vec<_> = article
        .links
        .iter()
        .map(|l| (l.target.as_str(), l.line, l.href.as_deref()))
        .collect();
    assert_eq!(
        links,
        [
            ("voyants#Les Étapes", 3, Some("/aide/voyants#les-etapes")),
            ("perdu", 3, None),
            ("https://a.example", 5, Some("https://a.example")),
            ("mailto:aide@a.example", 5, Some("mailto:aide@a.example")),
            ("tel:0199001234", 5, Some("tel:0199001234")),
            ("#Les-Étapes", 6, Some("#les-etapes")),
        ]
    );
    let html = article.html.as_str();
    assert!(html.contains("<a href=\"/aide/voyants#les-etapes\">b</a> c</p>"));
    assert!(html.contains("<a href=\"https://a.example\" rel=\"noopener\" title=\"T\">d</a>"));
}

#[test]
fn images_are_of_this_site_or_words() {
    let article = article(
        "![Box *Pro*](box.png \"T\")\n![Autre](x.png)\n![Tiers](ailleurs.png)\n![Net](https://a.example/x.png)\n",
    );
    assert_eq!(
        article.html.as_str(),
        "<p><img src=\"/media/7\" alt=\"Box Pro\" title=\"T\" width=\"640\" height=\"480\" loading=\"lazy\">\nAutre\nTiers\nNet</p>\n"
    );
    let found: Vec<_> = article
        .images
        .iter()
        .map(|i| (i.target.as_str(), i.line, i.alt.as_str(), i.found))
        .collect();
    assert_eq!(
        found[..2],
        [
            ("box.png", 1, "Box Pro", true),
            ("x.png", 2, "Autre", false)
        ]
    );
    assert!(found[2..].iter().all(|image| !image.3));
}

#[test]
fn plain_text_is_one_block_a_line() {
    let article = article(
        "# Titre\n\nUn `mot` [lien](voyants).\n\n- a\n- b\n\n| c | d |\n|-|-|\n| e | f |\n\n```\ncode\n```\n![image](box.png)\n",
    );
    assert_eq!(
        article.plain,
        "Titre\nUn mot lien.\na\nb\nc\nd\ne\nf\ncode\nimage"
    );
    assert_eq!(article.words, 12);
}

#[test]
fn reading_takes_at_least_a_minute() {
    assert_eq!(
        [0, 1, 200, 201, 1_000].map(reading_minutes),
        [1, 1, 1, 2, 5]
    );
}

#[test]
fn messages_keep_their_lines_and_link_addresses() {
    assert_eq!(
        message("Bonjour\nvoir https://a.example/x_y.\n"),
        "<p>Bonjour<br>\nvoir <a href=\"https://a.example/x_y\" rel=\"noopener nofollow ugc\">https://a.example/x_y</a>.</p>\n"
    );
    assert_eq!(
        message("# Titre *a*\n"),
        "<p><strong>Titre <em>a</em></strong></p>\n"
    );
    assert_eq!(
        message("> cité\n> suite\n"),
        "<blockquote>\n<p>cité<br>\nsuite</p>\n</blockquote>\n"
    );
    assert_eq!(
        message("- a\n\n      code\n"),
        "<ul>\n<li><p>a</p>\n<pre><code>code\n</code></pre>\n</li>\n</ul>\n"
    );
    assert_eq!(
        message("`https://a.example`"),
        "<p><code>https://a.example</code></p>\n"
    );
    assert_eq!(
        message("```\na\n\nhttps://b.example\n```"),
        "<pre><code>a\n\nhttps://b.example\n</code></pre>\n"
    );
    assert_eq!(
        message("<b>x</b>\n<i>"),
        "<p>&lt;b&gt;x&lt;/b&gt;<br>\n&lt;i&gt;</p>\n"
    );
    assert_eq!(message("3. a\n"), "<ol start=\"3\">\n<li>a</li>\n</ol>\n");
}

#[test]
fn messages_have_no_images_and_no_way_into_the_site() {
    assert_eq!(
        message("![vue](https://a.example/x.png)"),
        "<p><a href=\"https://a.example/x.png\" rel=\"noopener nofollow ugc\">vue</a></p>\n"
    );
    assert_eq!(message("![](x.png)"), "<p>x.png</p>\n");
    assert_eq!(
        message("[a](/logout) [b](#x) [c](//evil.example)"),
        "<p>a b c</p>\n"
    );
    assert_eq!(
        message("[![vue](https://a.example/x)](https://b.example)")
            .matches("<a ")
            .count(),
        1
    );
    assert!(!message("https://banque.example@evil.example/").contains("<a "));
    assert!(!message("[^1]\n\n[^1]: a\n").contains("<section"));
}

#[test]
fn rendered_html_survives_being_read_back() {
    let source = "# T & \"x\"\n\n![b](box.png \"<&\\\">\") [d](https://a.example/?a=1&b \"<x>\")\n\n> [!TIP]\n> **a**\n\n|a|\n|-|\n\nx[^1]\n\n[^1]: n\n";
    let article = article(source);
    let html = article.html.as_str();
    assert_eq!(sanitise_anew(Policy::Article, html).as_deref(), Ok(html));
    let message = render_message("<a> \"b\" https://a.example/?a=1&b").expect("within the budget");
    let html = message.as_str();
    assert_eq!(sanitise_anew(Policy::Message, html).as_deref(), Ok(html));
}

#[test]
fn a_text_that_takes_too_long_is_refused() {
    use std::time::Duration;
    let over = || Deadline::after(Duration::ZERO);
    let by = |deadline, source: &str| render_article_by(deadline, source, Lang::En, &NoLinks);
    assert_eq!(
        render_message_by(over(), "Hello."),
        Err(TextError::TookTooLong)
    );
    assert_eq!(by(over(), "Hello."), Err(TextError::TookTooLong));
    let source = "**Hello.** ".repeat(2_000);
    let events = events::parse(&source, Options::empty(), Deadline::after(TIME)).expect("in time");
    let page = Writer::new(
        Kind::Message,
        &source,
        &events,
        &NoLinks,
        MESSAGE_HTML_BYTES,
    );
    assert_eq!(page.write(over()).err(), Some(TextError::TookTooLong));
    assert!(by(Deadline::after(TIME), &source).is_ok());
}
