//! The words for what a ticket can be.

use crate::platform::i18n::{Lang, Message};
use crate::tickets::model::{Channel, Priority, Stage, Status};
use crate::tickets::queries::DeskView;

pub(super) fn status(lang: Lang, status: Status) -> String {
    say(lang, &format!("label-status-{status}"))
}

pub(super) fn stage(lang: Lang, stage: Stage) -> String {
    say(lang, &format!("label-stage-{stage}"))
}

/// The plural, for counts.
pub(super) fn stages(lang: Lang, stage: Stage) -> String {
    say(lang, &format!("label-stages-{stage}"))
}

pub(super) fn priority(lang: Lang, priority: Priority) -> String {
    say(lang, &format!("label-priority-{priority}"))
}

pub(super) fn channel(lang: Lang, channel: Channel) -> String {
    say(lang, &format!("label-channel-{channel}"))
}

pub(super) fn view(lang: Lang, view: DeskView) -> String {
    say(lang, &format!("label-view-{view}"))
}

/// The name of a property of a ticket: `status`, `team` …
pub(super) fn field(lang: Lang, name: &str) -> String {
    say(lang, &format!("label-field-{name}"))
}

fn say(lang: Lang, key: &str) -> String {
    Message::new(key).render(lang)
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
