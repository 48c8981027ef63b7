//! Keys, as a keyboard sends them.

use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::keys::get_key_definition;

use super::{Tab, Target};

/// What is held down while a key is pressed, as Chromium counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Nothing = 0,
    Ctrl = 2,
}

/// More stops than any page has.
const ENDLESS: usize = 200;

impl Tab {
    /// Presses a key: `Enter`, `Tab`, `Escape`, `ArrowDown`, or a character.
    pub async fn press(&self, key: &str) {
        self.step(format!("press {key}"));
        self.stroke(key, Held::Nothing).await;
    }

    /// Presses a key while Ctrl is held down.
    pub async fn press_with_ctrl(&self, key: &str) {
        self.step(format!("press Ctrl and {key}"));
        self.stroke(key, Held::Ctrl).await;
    }

    /// Presses Tab until something has the focus that comes after what has it now.
    pub async fn tab_to(&self, target: &Target) {
        self.see(target).await;
        self.step(format!("press Tab to {target}"));
        let there = format!("{} === document.activeElement", target.expression());
        for _ in 0..ENDLESS {
            self.stroke("Tab", Held::Nothing).await;
            if self.value::<bool>(there.as_str()).await {
                return;
            }
        }
        panic!("Tab does not come to {target}");
    }

    /// Types into what has the focus.
    pub async fn type_text(&self, text: &str) {
        self.step(format!("type {text:?}"));
        let sent = self.page.execute(InsertTextParams::new(text)).await;
        sent.expect("Chromium takes text");
    }

    async fn stroke(&self, key: &str, held: Held) {
        let definition =
            get_key_definition(key).unwrap_or_else(|| panic!("no key is called {key}"));
        let single = (definition.key.len() == 1).then_some(definition.key);
        let event = DispatchKeyEventParams::builder()
            .key(definition.key)
            .code(definition.code)
            .modifiers(held as i64)
            .windows_virtual_key_code(definition.key_code)
            .native_virtual_key_code(definition.key_code);
        // What is pressed with Ctrl is a command and writes nothing.
        let text = definition.text.or(single);
        let down = match text.filter(|_| held == Held::Nothing) {
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
