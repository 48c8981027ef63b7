//! Every page of every slice renders with its sample values, in both languages.

use std::sync::Arc;

use guichet::app::all_samples;
use guichet::platform::i18n::Lang;
use guichet::platform::web::assets::Assets;
use guichet::platform::web::shell::Shell;
use guichet::platform::web::templates::Templates;

#[test]
fn every_sample_renders_in_both_languages() {
    let assets = Arc::new(Assets::load(None).expect("all files load"));
    let templates = Templates::load(&assets, None).expect("all templates load");
    let mut count = 0;
    for sample in all_samples() {
        for &lang in Lang::ALL {
            for shell in Shell::samples(lang) {
                let html = templates
                    .show(&sample, lang, &shell)
                    .unwrap_or_else(|e| panic!("{} in {lang}: {e:?}", sample.template));
                assert!(html.contains(&format!("<html lang=\"{lang}\"")));
                count += 1;
            }
        }
    }
    assert!(count > 0, "there are pages to render");
}
