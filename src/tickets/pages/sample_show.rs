//! Samples of a request's page: every stage, and one that nothing fits.

use super::sample_values::{LONG_WORD, crumbs, limits};
use super::{Detail, Event, Facts, FileLink, Me, Message, Show, Step, ThreadEntry};
use crate::platform::text::SafeHtml;
use crate::platform::web::FormState;
use crate::platform::web::shell::PromiseStep;
use crate::platform::web::view::View;
use crate::tickets::drafting;

fn message(id: &str, author: &str, text: &str, mine: bool) -> Message {
    Message {
        id: id.to_owned(),
        author: author.to_owned(),
        meta: (!mine).then(|| "Orvelle, équipe Réseau".to_owned()),
        initials: if mine { "CF" } else { "TM" }.to_owned(),
        hue: if mine { 3 } else { 4 },
        time: "aujourd’hui, 13 h 04".to_owned(),
        datetime: "2026-11-19T12:04:00Z".to_owned(),
        mine,
        solution: false,
        html: SafeHtml::plain_text(text),
        files: Vec::new(),
    }
}

fn thread() -> Vec<ThreadEntry> {
    let mut first = message(
        "message-1",
        "Vous",
        "Bonjour, depuis 11 h 30 la connexion tombe toutes les vingt minutes.\n\nLe voyant \
         Fibre clignote en rouge une minute, puis redevient vert.",
        true,
    );
    first.files.push(FileLink {
        name: "journal-box-24h.csv".to_owned(),
        size: "38 Ko".to_owned(),
        kind: "csv".to_owned(),
        href: "/files/01J/journal-box-24h.csv".to_owned(),
    });
    let mut last = message(
        "message-2",
        "Théo Marchand",
        "Le connecteur optique était abîmé, il est remplacé.",
        false,
    );
    last.solution = true;
    vec![
        ThreadEntry::Message(first),
        ThreadEntry::Event(Event {
            icon: "arrow-right".to_owned(),
            time: "13 h 04".to_owned(),
            datetime: "2026-11-19T12:04:00Z".to_owned(),
            text: "Confiée à l’équipe Réseau".to_owned(),
        }),
        ThreadEntry::Message(last),
    ]
}

impl Show {
    /// The page with the request at the stage of this number, 0 to 4.
    fn sample(now: usize) -> Self {
        const STAGES: [(&str, &str); 5] = [
            ("logged", "Enregistrée"),
            ("progress", "En cours"),
            ("waiting", "En attente de vous"),
            ("resolved", "Résolue"),
            ("confirmed", "Confirmée"),
        ];
        let steps = STAGES.iter().enumerate().map(|(at, (stage, label))| Step {
            state: match at.cmp(&now) {
                std::cmp::Ordering::Less if *stage == "waiting" => "skipped",
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "todo",
            }
            .to_owned(),
            stage: (*stage).to_owned(),
            label: (*label).to_owned(),
            note: if at <= now { "mardi 17, 9 h 12" } else { "" }.to_owned(),
        });
        let detail = |label: &str, value: &str| Detail {
            label: label.to_owned(),
            value: value.to_owned(),
        };
        Self {
            crumbs: crumbs("GU-1042"),
            reference: "GU-1042".to_owned(),
            subject: "Perte de connexion fibre toutes les 20 minutes à l’accueil".to_owned(),
            facts: vec![
                "Panne".to_owned(),
                "Déposée par vous aujourd’hui à 13 h 04".to_owned(),
            ],
            stage: STAGES[now].0.to_owned(),
            steps: steps.collect(),
            steps_caption: format!(
                "{} depuis hier, 16 h 30. Étape {} sur 5.",
                STAGES[now].1,
                now + 1
            ),
            version: 3,
            waiting_from: "Nadia Rossi".to_owned(),
            question_href: Some("#message-2".to_owned()),
            confirm_action: "/requests/GU-1042/confirmation".to_owned(),
            reopen_action: "/requests/GU-1042/reopening".to_owned(),
            closes_on: Some("lundi 23 novembre".to_owned()),
            earlier_href: None,
            earlier_count: 0,
            latest_href: None,
            thread: thread(),
            guest: false,
            can_reply: now < 4,
            reply_action: "/requests/GU-1042/messages".to_owned(),
            follow_up_href: "/requests/new?follows=GU-1042".to_owned(),
            form: FormState::empty(),
            draft: Some(drafting::samples()[0].clone()),
            me: Some(Me {
                initials: "CF".to_owned(),
                hue: 3,
            }),
            files: limits(),
            promise: Facts {
                label: "Dernière réponse".to_owned(),
                value: "aujourd’hui, 14 h 20".to_owned(),
                end_label: STAGES[now].1.to_owned(),
                end_value: "depuis hier".to_owned(),
                tone: if now == 2 { "wait" } else { "neutral" }.to_owned(),
            },
            track: if now == 2 { track() } else { Vec::new() },
            details: vec![
                detail("Type", "Panne"),
                detail("Équipe", "Réseau"),
                detail("Suivie par", "Théo Marchand"),
            ],
        }
    }
}

fn track() -> Vec<PromiseStep> {
    let step = |text: &str, tone: &str| PromiseStep {
        when: "mar. 17".to_owned(),
        title: "Première réponse avant mardi 17, 13 h 12".to_owned(),
        text: text.to_owned(),
        tone: tone.to_owned(),
    };
    vec![
        step("tenue, mardi 17, 9 h 40", "ok"),
        step("déplacée : nous ne pouvions pas la tenir", "danger"),
        step("en pause : le délai repart dès votre réponse", "wait"),
    ]
}

impl View for Show {
    const TEMPLATE: &'static str = "tickets/show.html";

    fn samples() -> Vec<Self> {
        let mut extreme = Self::sample(1);
        extreme.draft = Some(drafting::samples()[1].clone());
        extreme.subject = format!("{LONG_WORD} <b>{LONG_WORD}</b>");
        extreme.earlier_href = Some("/requests/GU-1042?before=40".to_owned());
        extreme.earlier_count = 100;
        extreme.latest_href = Some("/requests/GU-1042".to_owned());
        let lines = format!("{LONG_WORD} <i>x</i>\n").repeat(200);
        extreme.thread.push(ThreadEntry::Message(message(
            "message-3",
            LONG_WORD,
            &lines,
            false,
        )));
        extreme.form = extreme.form.with_error("body", "Écrivez votre réponse.");
        let mut bare = Self::sample(0);
        bare.thread.truncate(1);
        bare.me = None;
        vec![
            bare,
            Self::sample(2),
            Self::sample(3),
            Self::sample(4),
            extreme,
        ]
    }
}
