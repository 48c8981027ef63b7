//! What a message says.

use crate::platform::text::{SafeHtml, render_message};
use crate::platform::web::Failure;

/// The text of a message, rendered. Rendering a hostile text takes a while, so it is done before a
/// transaction begins: nobody else could write meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText {
    /// Markdown as it was typed.
    pub source: String,
    /// As it is shown.
    pub html: SafeHtml,
}

impl MessageText {
    /// Renders a text beside the threads that answer requests.
    ///
    /// # Errors
    /// When the program is stopping.
    pub async fn render(source: String) -> Result<Self, Failure> {
        tokio::task::spawn_blocking(|| Self::from(source))
            .await
            .map_err(|error| Failure::internal(&error))
    }
}

impl From<String> for MessageText {
    fn from(source: String) -> Self {
        // A text beyond what can be rendered safely is shown as it was typed.
        let html = render_message(&source).unwrap_or_else(|_| SafeHtml::plain_text(&source));
        Self { source, html }
    }
}

impl From<&str> for MessageText {
    fn from(source: &str) -> Self {
        source.to_owned().into()
    }
}
