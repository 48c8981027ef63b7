//! Every page of every slice renders with its sample values, in both languages.

use guichet::app::SLICES;
use guichet::platform::i18n::Lang;
use guichet::platform::web::shell::{LanguageLink, Rail, RailLink, Shell, ShellPerson};
use guichet::platform::web::templates::Templates;
use guichet::platform::web::view::Sample;
use guichet::platform::web::{assets, errors};

#[test]
fn every_sample_renders_in_both_languages() {
    let templates = Templates::load(assets::url, None).expect("all templates load");
    let samples = SLICES
        .iter()
        .flat_map(|slice| (slice.samples)())
        .chain(errors::samples());
    let mut count = 0;
    for sample in samples {
        for lang in Lang::ALL {
            for shell in [stranger(*lang), manager(*lang)] {
                render(&templates, &sample, *lang, &shell);
                count += 1;
            }
        }
    }
    assert!(count > 0, "there are pages to render");
}

fn render(templates: &Templates, sample: &Sample, lang: Lang, shell: &Shell) {
    let context = sample.context.as_ref();
    let mut context = context
        .unwrap_or_else(|e| panic!("{}: {e}", sample.template))
        .clone();
    context.insert("lang", &lang);
    context.insert("csrf", "token");
    context.insert("shell", shell);
    let html = templates
        .render(sample.template, &context)
        .unwrap_or_else(|e| panic!("{} in {lang}: {e:?}", sample.template));
    assert!(html.contains(&format!("<html lang=\"{lang}\"")));
}

fn stranger(lang: Lang) -> Shell {
    Shell {
        brand: "Lumen".to_owned(),
        brand_suffix: "Telecom".to_owned(),
        theme: "auto".to_owned(),
        path: "/articles".to_owned(),
        path_encoded: "%2Farticles".to_owned(),
        section: "articles".to_owned(),
        languages: Lang::ALL
            .iter()
            .map(|&l| LanguageLink {
                lang: l,
                label: l.to_string(),
                href: errors::language_switch(l, "/articles"),
                current: l == lang,
            })
            .collect(),
        person: None,
        flash: None,
        phone: None,
        rail: None,
    }
}

fn manager(lang: Lang) -> Shell {
    let link = RailLink {
        key: "mine".to_owned(),
        label: "Mine".to_owned(),
        href: "/desk".to_owned(),
        icon: "inbox".to_owned(),
        hue: 3,
        count: Some(12),
        current: true,
    };
    Shell {
        person: Some(ShellPerson {
            name: "Nadia Ferrand".to_owned(),
            initials: "NF".to_owned(),
            hue: 2,
            email: "nadia@lumen.example".to_owned(),
            organisation: Some("Lumen".to_owned()),
            is_agent: true,
            is_manager: true,
        }),
        phone: Some("01 99 00 12 34".to_owned()),
        rail: Some(Rail {
            views: vec![link.clone()],
            teams: vec![link.clone()],
            manage: vec![link],
        }),
        ..stranger(lang)
    }
}
