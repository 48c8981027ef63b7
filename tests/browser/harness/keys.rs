//! Keys, as a keyboard sends them.

use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::keys::get_key_definition;

use super::Tab;

impl Tab {
    /// Presses a key: `Enter`, `Tab`, `Escape`, `ArrowDown`, or a character.
    pub async fn press(&self, key: &str) {
        self.step(format!("press {key}"));
        self.stroke(key).await;
    }

    /// Types into what has the focus.
    pub async fn type_text(&self, text: &str) {
        self.step(format!("type {text:?}"));
        let sent = self.page.execute(InsertTextParams::new(text)).await;
        sent.expect("Chromium takes text");
    }

    async fn stroke(&self, key: &str) {
        let definition =
            get_key_definition(key).unwrap_or_else(|| panic!("no key is called {key}"));
        let single = (definition.key.len() == 1).then_some(definition.key);
        let event = DispatchKeyEventParams::builder()
            .key(definition.key)
            .code(definition.code)
            .windows_virtual_key_code(definition.key_code)
            .native_virtual_key_code(definition.key_code);
        let down = match definition.text.or(single) {
            Some(text) => event
                .clone()
                .r#type(DispatchKeyEventType::KeyDown)
                .text(text),
            None => event.clone().r#type(DispatchKeyEventType::RawKeyDown),
        };
        let up = event.r#type(DispatchKeyEventType::KeyUp);
        for event in [down, up] {
            let event = event.build().expect("the type is given");
            self.page.execute(event).await.expect("Chromium takes keys");
        }
    }
}
