//! The words for what a ticket can be.

use crate::platform::i18n::{Lang, Message};
use crate::tickets::model::{Channel, Priority, Stage, Status};
use crate::tickets::queries::DeskView;

pub(super) fn status(lang: Lang, status: Status) -> String {
    say(lang, "label-status", status.as_str())
}

pub(super) fn stage(lang: Lang, stage: Stage) -> String {
    say(lang, "label-stage", stage.as_str())
}

/// The plural, for counts.
pub(super) fn stages(lang: Lang, stage: Stage) -> String {
    say(lang, "label-stages", stage.as_str())
}

pub(super) fn priority(lang: Lang, priority: Priority) -> String {
    say(lang, "label-priority", priority.as_str())
}

pub(super) fn channel(lang: Lang, channel: Channel) -> String {
    say(lang, "label-channel", channel.as_str())
}

pub(super) fn view(lang: Lang, view: DeskView) -> String {
    say(lang, "label-view", view.as_str())
}

/// The name of a property of a ticket: `status`, `team` …
pub(super) fn field(lang: Lang, name: &str) -> String {
    say(lang, "label-field", name)
}

fn say(lang: Lang, family: &str, word: &str) -> String {
    Message::new(&format!("{family}-{word}")).render(lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Catalog;

    #[test]
    fn every_value_has_its_words() {
        let mut wanted: Vec<String> = Vec::new();
        wanted.extend(Status::ALL.iter().map(|v| format!("label-status-{v}")));
        wanted.extend(Stage::ALL.iter().map(|v| format!("label-stage-{v}")));
        wanted.extend(Stage::ALL.iter().map(|v| format!("label-stages-{v}")));
        wanted.extend(Priority::ALL.iter().map(|v| format!("label-priority-{v}")));
        wanted.extend(Channel::ALL.iter().map(|v| format!("label-channel-{v}")));
        wanted.extend(DeskView::ALL.iter().map(|v| format!("label-view-{v}")));
        for lang in [Lang::Fr, Lang::En] {
            let keys = Catalog::keys(lang);
            let missing: Vec<_> = wanted.iter().filter(|key| !keys.contains(*key)).collect();
            assert!(missing.is_empty(), "{lang}: {missing:?}");
        }
    }
}
