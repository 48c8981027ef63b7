//! Sample values of the page of clocks.

use super::pages::{ChoiceLine, ClockPage, ClockView, ItemView, PolicyLine, TurnLine};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::FormState;
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::widgets::{Moment, SelectOption};
use crate::sla::promises::pages::PromiseLine;

fn moment(text: &str) -> Moment {
    Moment {
        text: text.to_owned(),
        datetime: "2026-11-19T15:00:00Z".to_owned(),
    }
}

fn clock(id: &str, state: &str, tone: &str) -> ClockView {
    let item = |from: &str, to: &str, counted: &str, uncounted: &str, why: &str| ItemView {
        from: from.to_owned(),
        to: to.to_owned(),
        counted: counted.to_owned(),
        uncounted: uncounted.to_owned(),
        why: why.to_owned(),
        ahead: why == "nuit",
    };
    let open = matches!(state, "running" | "paused");
    ClockView {
        id: id.to_owned(),
        title: "Solution".to_owned(),
        state: state.to_owned(),
        state_label: "en cours".to_owned(),
        tone: tone.to_owned(),
        target: "4 h ouvrées".to_owned(),
        started: moment("aujourd’hui, 11 h 30"),
        due: (state != "paused").then(|| moment("demain, 9 h 00")),
        ended: (!open).then(|| moment("aujourd’hui, 15 h 00")),
        spent: "2 h 10".to_owned(),
        left: open.then(|| "1 h 50".to_owned()),
        promises: vec![PromiseLine {
            made: "aujourd’hui, 11 h 30".to_owned(),
            due: "demain, 9 h 00".to_owned(),
            state: "déplacée".to_owned(),
            tone: "warn".to_owned(),
            notes: vec!["elle n’aurait pas été tenue".to_owned()],
        }],
        items: vec![
            item(
                "aujourd’hui, 11 h 30",
                "12 h 30",
                "1 h 00",
                "",
                "heures ouvrées",
            ),
            item("12 h 30", "13 h 30", "", "1 h 00", "pause"),
            item("13 h 30", "14 h 40", "1 h 10", "", "heures ouvrées"),
            item("14 h 40", "15 h 00", "", "20 min", "en attente client"),
            item("18 h 00", "demain, 8 h 30", "", "14 h 30", "nuit"),
        ],
        counted: "4 h 00".to_owned(),
        uncounted: "15 h 50".to_owned(),
        ahead: state == "running",
    }
}

pub(super) fn clocks() -> Vec<ClockPage> {
    let full = ClockPage {
        ticket_href: "/desk/tickets/GU-1042".to_owned(),
        reference: "GU-1042".to_owned(),
        subject: "La fibre se coupe toutes les vingt minutes à l’accueil".to_owned(),
        policy: Some(PolicyLine {
            name: "4 h".to_owned(),
            version: "version 3".to_owned(),
            href: Some("/manage/policies/1/versions/3".to_owned()),
            calendar: "Support (Europe/Paris)".to_owned(),
            calendar_version: "version 2".to_owned(),
            calendar_href: None,
            chosen: "choisie par ses conditions".to_owned(),
        }),
        clocks: vec![
            clock("resolution", "running", "neutral"),
            clock("next", "paused", "wait"),
            clock("first", "breached", "danger"),
        ],
        turns: vec![TurnLine {
            href: "/desk/tickets/GU-1042/clock?goal=next&turn=1".to_owned(),
            label: "Réponse suivante, tour 1".to_owned(),
            when: "hier, 9 h 12".to_owned(),
        }],
        action: "/desk/tickets/GU-1042/policy".to_owned(),
        form: FormState::empty(),
        policies: vec![SelectOption::new("", "Selon les conditions")],
        history: vec![ChoiceLine {
            text: "Nadia Ferrand : 4 h".to_owned(),
            when: "hier, 9 h 12".to_owned(),
            reason: Some("Engagement pris au téléphone.".to_owned()),
        }],
    };
    let nothing = ClockPage {
        policy: None,
        clocks: Vec::new(),
        turns: Vec::new(),
        history: Vec::new(),
        ..full.clone()
    };
    let errors = FormErrors::one("reason", Message::new("form-required"));
    let refused = ClockPage {
        form: FormState::refused(&Fields::default(), &errors, Lang::Fr),
        ..full.clone()
    };
    vec![full, nothing, refused]
}
