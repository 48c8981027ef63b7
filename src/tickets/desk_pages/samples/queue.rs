//! Samples of the list.

use super::super::{
    DueMark, FilterChip, FilterSelect, PageLinks, QueueEmpty, QueueFilters, QueuePage, QueueRow,
    StageCell, StatusMark,
};
use super::{
    INCOMPLETE, LONG_NAME, LONG_WORD, agents, person, priorities, request_types, statuses, team,
    teams, texts,
};

pub fn pages() -> Vec<QueuePage> {
    vec![
        typical(),
        empty(QueueEmpty::AllDone),
        empty(QueueEmpty::NoMatch),
        empty(QueueEmpty::FirstUse),
        full(),
    ]
}

fn reopened() -> StatusMark {
    StatusMark {
        label: "Rouverte".to_owned(),
        icon: "undo-2".to_owned(),
    }
}

fn typical() -> QueuePage {
    let mut filters = filters();
    filters.selects[0].value = "1".to_owned();
    filters.chips = vec![chip("Équipe", "Réseau"), chip("Étape", "avant Résolue")];
    QueuePage {
        title: "Réseau, en cours de traitement".to_owned(),
        count: "41".to_owned(),
        as_of: "15 h 40".to_owned(),
        refresh_href: "/desk/teams/1?before=resolved".to_owned(),
        new_href: "/desk/new".to_owned(),
        stages: stages(),
        filters,
        notice: None,
        rows: rows(),
        has_dues: true,
        pages: PageLinks {
            previous: None,
            next: Some("/desk/teams/1?after=abc".to_owned()),
            note: Some("15 sur 41".to_owned()),
        },
        empty: QueueEmpty::NoMatch,
    }
}

fn empty(why: QueueEmpty) -> QueuePage {
    let mut page = typical();
    page.count = "0".to_owned();
    page.rows = Vec::new();
    page.has_dues = false;
    page.pages = PageLinks::default();
    for cell in &mut page.stages {
        cell.count = "0".to_owned();
        cell.detail = None;
    }
    if why == QueueEmpty::NoMatch {
        page.filters.q = "boitier blanc".to_owned();
        page.notice = Some(INCOMPLETE.to_owned());
    } else {
        page.filters.chips = Vec::new();
    }
    page.empty = why;
    page
}

fn full() -> QueuePage {
    let mut page = typical();
    page.title = format!("Vue de {LONG_NAME} : {LONG_WORD}");
    page.count = "1 204 318".to_owned();
    page.stages[0].detail = Some(format!("118 204 sans responsable, {LONG_WORD}"));
    page.stages[0].count = "1 204 318".to_owned();
    page.filters.q = LONG_WORD.to_owned();
    page.notice = Some(INCOMPLETE.to_owned());
    page.filters.chips = (0..12)
        .map(|n| chip("Étiquette", &format!("{LONG_WORD}{n}")))
        .collect();
    page.rows = (0..50)
        .map(|n| {
            let mut row = row(
                n,
                "logged",
                LONG_WORD,
                LONG_NAME,
                Some(LONG_WORD),
                Some(LONG_NAME),
            );
            row.status_mark = Some(reopened());
            row.tags = vec!["site de santé".to_owned(); 6];
            row.team = Some(team(LONG_NAME));
            row
        })
        .collect();
    page.pages.previous = Some("/desk/teams/1?before=abc".to_owned());
    page
}

fn chip(field: &str, value: &str) -> FilterChip {
    FilterChip {
        field: field.to_owned(),
        value: value.to_owned(),
        remove_href: "/desk/teams/1".to_owned(),
    }
}

fn filters() -> QueueFilters {
    let choices = [
        ("team", teams()),
        ("assignee", agents()),
        ("status", statuses()),
        ("priority", priorities()),
        ("request_type", request_types()),
    ];
    QueueFilters {
        action: "/desk/teams/1".to_owned(),
        selects: choices
            .into_iter()
            .map(|(name, options)| FilterSelect {
                name: name.to_owned(),
                value: String::new(),
                options,
            })
            .collect(),
        tag: String::new(),
        known_tags: texts(&["optique", "intervention", "site de santé"]),
        q: String::new(),
        sort: "activity".to_owned(),
        chips: Vec::new(),
        clear_href: "/desk/teams/1".to_owned(),
    }
}

fn stages() -> Vec<StageCell> {
    [
        ("logged", "Enregistrées", "9", "7 sans responsable", true),
        (
            "progress",
            "En cours",
            "21",
            "2 sans réponse depuis hier",
            true,
        ),
        (
            "waiting",
            "En attente client",
            "11",
            "3 muettes depuis 5 j",
            true,
        ),
        (
            "resolved",
            "Résolues, à confirmer",
            "7",
            "2 se ferment demain",
            false,
        ),
        ("confirmed", "Confirmées", "63", "sur 7 jours", false),
    ]
    .into_iter()
    .map(|(stage, label, count, detail, current)| StageCell {
        stage: stage.to_owned(),
        label: label.to_owned(),
        count: count.to_owned(),
        detail: Some(detail.to_owned()),
        href: format!("/desk/teams/1?stage={stage}"),
        current,
    })
    .collect()
}

fn due(n: usize) -> Option<DueMark> {
    let (text, tone) = [
        ("−0 h 23", "late"),
        ("0 h 31", "soon"),
        ("8 h 10", "paused"),
        ("1 h 35", "ok"),
        ("12 j", "ok"),
        ("", ""),
    ][n % 6];
    (!text.is_empty()).then(|| DueMark {
        text: text.to_owned(),
        tone: tone.to_owned(),
        title: "Première réponse : aujourd’hui, 17 h 00".to_owned(),
    })
}

/// `n` decides the small things: number, priority, activity, whether it is unread.
fn row(
    n: usize,
    stage: &str,
    subject: &str,
    requester: &str,
    organisation: Option<&str>,
    assignee: Option<&str>,
) -> QueueRow {
    let (priority, priority_label) = [
        ("urgent", "Critique"),
        ("high", "Haute"),
        ("normal", "Normale"),
        ("normal", "Normale"),
        ("low", "Basse"),
    ][n % 5];
    QueueRow {
        reference: format!("OR-{}", 48_231 - n * 7),
        href: format!("/desk/tickets/OR-{}", 48_231 - n * 7),
        subject: subject.to_owned(),
        stage: stage.to_owned(),
        stage_label: match stage {
            "logged" => "Enregistrée",
            "waiting" => "En attente client",
            _ => "En cours",
        }
        .to_owned(),
        status_mark: None,
        priority: priority.to_owned(),
        priority_label: priority_label.to_owned(),
        requester: requester.to_owned(),
        organisation: organisation.map(str::to_owned),
        team: Some(team("Réseau")),
        assignee: assignee.map(person),
        due: due(n),
        activity: format!("{} min", 2 + n * 3),
        activity_at: "2026-11-19T15:36:00Z".to_owned(),
        unread: n.is_multiple_of(4),
        tags: Vec::new(),
    }
}

fn rows() -> Vec<QueueRow> {
    let list = [
        (
            "progress",
            "Standard injoignable depuis la mise à jour de midi",
            "Paul Verdier",
            "Transports Ravel et Fils",
            "Théo Marchand",
        ),
        (
            "progress",
            "Lenteurs chaque matin entre 8 h et 9 h, quarante postes touchés au siège",
            "Inès Caron",
            "Lycée Marguerite-Audoux",
            "Karim Haddad",
        ),
        (
            "logged",
            "Coupure totale à Valmont, le secours 4G ne prend pas le relais",
            "Hugo Lemaire",
            "Mairie de Valmont",
            "",
        ),
        (
            "logged",
            "VPN refusé pour trois télétravailleurs depuis ce matin",
            "Samira Ould",
            "Cabinet Lemaire Architectes",
            "",
        ),
        (
            "progress",
            "Adresse IP fixe changée après le remplacement de la box",
            "Denis Pruvost",
            "Imprimerie du Canal",
            "Amina Belkacem",
        ),
        (
            "logged",
            "Bornes du bâtiment C invisibles dans l’espace client",
            "Lucie Tran",
            "Hôtel des Remparts",
            "",
        ),
        (
            "progress",
            "Perte de connexion fibre toutes les 20 minutes à l’accueil",
            "Claire Fontanel",
            "Clinique des Tilleuls",
            "Théo Marchand",
        ),
        (
            "progress",
            "Débit montant divisé par deux depuis lundi",
            "Étienne Morel",
            "Studio Belle-Île",
            "Yann Guivarch",
        ),
        (
            "waiting",
            "Ouverture du port 8443 pour le prestataire de télésurveillance",
            "Nora Benali",
            "Pharmacie du Parc",
            "Karim Haddad",
        ),
        (
            "logged",
            "Le portail du Wi-Fi invités affiche un certificat expiré",
            "Jean Castel",
            "Camping Les Pins",
            "Amina Belkacem",
        ),
        (
            "progress",
            "Téléphones IP en boucle de redémarrage à l’étage 2",
            "Victor Simon",
            "Notaires Aubert et Simon",
            "Yann Guivarch",
        ),
        (
            "logged",
            "Demande du schéma de câblage après travaux, deuxième relance",
            "Sophie Arnaud",
            "Groupe scolaire Jean-Zay",
            "",
        ),
        (
            "progress",
            "Téléassistance : paquets perdus vers le centre d’appels",
            "Raphaël Nunes",
            "Présence 33",
            "Théo Marchand",
        ),
        (
            "waiting",
            "Fibre raccordée mais pas de signal sur la seconde prise",
            "Alice Perrin",
            "Brasserie La Péniche",
            "Yann Guivarch",
        ),
        (
            "progress",
            "Relevé de bande passante pour le comité de direction",
            "Chloé Masson",
            "",
            "Karim Haddad",
        ),
    ];
    let mut rows: Vec<_> = list
        .into_iter()
        .enumerate()
        .map(|(n, (stage, subject, requester, organisation, assignee))| {
            let some = |text: &'static str| (!text.is_empty()).then_some(text);
            row(
                n,
                stage,
                subject,
                requester,
                some(organisation),
                some(assignee),
            )
        })
        .collect();
    rows[1].status_mark = Some(reopened());
    rows[6].tags = texts(&["site de santé", "optique"]);
    rows[14].team = None;
    rows
}
