//! How a step names what it acts on: by place, or by the words that a person reads.

use serde_json::json;

/// Something on a page that can be seen.
#[derive(Clone, Debug)]
pub struct Target {
    css: String,
    text: Option<String>,
}

/// What a CSS selector finds.
pub fn css(selector: &str) -> Target {
    Target {
        css: selector.to_owned(),
        text: None,
    }
}

/// The link, button, menu or label with this text or accessible name.
pub fn label(text: &str) -> Target {
    Target {
        css: "a, button, summary, label".to_owned(),
        text: Some(text.to_owned()),
    }
}

impl Target {
    /// Narrows to a part of the page.
    pub fn inside(mut self, selector: &str) -> Self {
        let parts: Vec<String> = self
            .css
            .split(", ")
            .map(|part| format!("{selector} {part}"))
            .collect();
        self.css = parts.join(", ");
        self
    }

    /// A JavaScript expression: the first that is seen and fits, or null. White space counts as
    /// one space; inside a button a `span` of its own counts as its text (beside a key hint).
    pub(super) fn expression(&self) -> String {
        let (css, text) = (json!(self.css), json!(self.text));
        format!(
            r"(() => {{
  const squeeze = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const wanted = {text} === null ? null : squeeze({text});
  const names = (e) => [e.textContent, e.getAttribute('aria-label'), ...[...e.querySelectorAll('span')].map((s) => s.textContent)];
  return [...document.querySelectorAll({css})].find((e) =>
    e.checkVisibility({{ visibilityProperty: true }}) && e.getClientRects().length > 0
    && (wanted === null || names(e).some((name) => squeeze(name) === wanted))) ?? null;
}})()"
        )
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.text {
            Some(text) => write!(f, "“{text}”"),
            None => f.write_str(&self.css),
        }
    }
}
