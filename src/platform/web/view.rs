//! Pages as types: a template and the values it prints.

use serde::Serialize;

/// The values of one page, ready to print. A test renders every sample in both languages.
pub trait View: Serialize + Sized {
    /// Path below `templates/`.
    const TEMPLATE: &'static str;

    /// Values that show the page at its usual, at its emptiest and at its fullest.
    fn samples() -> Vec<Self>;
}

/// One page with sample values, detached from its type.
pub struct Sample {
    /// Path below `templates/`.
    pub template: &'static str,
    /// The sample's values.
    pub values: Result<serde_json::Value, serde_json::Error>,
}

/// The samples of a view, for a slice's manifest.
#[must_use]
pub fn samples<V: View>() -> Vec<Sample> {
    V::samples()
        .iter()
        .map(|view| Sample {
            template: V::TEMPLATE,
            values: serde_json::to_value(view),
        })
        .collect()
}
