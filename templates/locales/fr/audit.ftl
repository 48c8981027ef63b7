audit-title = Journal d’audit
audit-filter = Restreindre le journal
audit-show = Afficher
audit-clear = Tout afficher
audit-export = Télécharger en CSV
audit-export-note = Le fichier contient ce qui est affiché ici, les { $count } lignes les plus récentes au plus ; le téléchargement est lui-même consigné.
audit-address = nom@exemple.fr
audit-column-when = Quand
audit-column-what = Ce qui s’est passé
audit-none-title = Rien de consigné
audit-none-text = Les connexions, les refus, les droits, les exports et les réglages apparaissent ici.
audit-no-match-text = Rien ne correspond à ce filtre.
audit-nobody = Personne ici n’a cette adresse.
audit-date = Saisissez une date comme 2026-11-30.
audit-until-before = Choisissez le même jour que le premier, ou un jour plus tardif.
field-area = Sujet
field-result = Résultat
field-who = Qui
field-about = Concerne
field-from = Du
field-until = Au
audit-any-area = Tous
audit-area-sign_in = Connexions
audit-area-denial = Refus
audit-area-rights = Droits
audit-area-export = Exports
audit-area-settings = Réglages
audit-any-result = Tous
audit-result-done = fait
audit-result-refused = refusé
audit-who-anonymous = Non connecté
audit-who-command = Ligne de commande
audit-who-system = Guichet
audit-stranger = adresse inconnue { $print }
audit-other = Événement « { $kind } »

audit-person-signed_in = Connexion { $by ->
    [link] par un lien reçu par courriel
    [password] { $factor ->
        [code] par mot de passe et code
        [recovery_code] par mot de passe et code de secours
       *[other] par mot de passe
    }
   *[other] { "" }
}
audit-person-signed_out = Déconnexion
audit-person-session_ended = Session fermée
audit-person-sessions_ended = { $count ->
    [one] Une session fermée
   *[other] { $count } sessions fermées
}
audit-person-sign_in_denied = Connexion refusée : { $reason ->
    [password] mot de passe faux
    [code] code faux
    [disabled] l’accès est fermé
   *[other] raison inconnue
}
audit-person-password_changed = Mot de passe changé
audit-person-factor_added = Double authentification activée
audit-person-factor_removed = Double authentification désactivée
audit-person-factor_reset = Double authentification réinitialisée
audit-person-recovery_codes_made = Nouveaux codes de secours
audit-person-recovery_code_used = Code de secours utilisé
audit-person-invited = Invitation comme { $role ->
    [manager] gestionnaire
    [agent] agent
    [customer] client
   *[other] { $role }
}
audit-person-added = Ajout avec un mot de passe, comme { $role ->
    [manager] gestionnaire
    [agent] agent
    [customer] client
   *[other] { $role }
}
audit-person-role_changed = Rôle changé : { $old ->
    [manager] gestionnaire
    [agent] agent
    [customer] client
   *[other] { $old }
} → { $new ->
    [manager] gestionnaire
    [agent] agent
    [customer] client
   *[other] { $new }
}
audit-person-disabled = Accès fermé
audit-person-enabled = Accès rouvert
audit-person-erased = Personne effacée
audit-person-data_exported = Copie des données personnelles { $by ->
    [self] par la personne elle-même
    [manager] pour la personne
   *[other] en ligne de commande
}
audit-stranger-sign_in_denied = Connexion refusée : personne n’a cette adresse
audit-sign-in-sign_in_denied = Connexion refusée : personne n’a cette adresse
audit-sign-in-rules_changed = Double authentification de l’équipe : { $new ->
    [true] obligatoire
    [false] facultative
   *[other] règle changée
}
audit-denial-denied = Page refusée : { $method } { $route }
audit-denial-request_denied = Demande d’autrui refusée, { $reference } : { $method } { $route }
audit-denial-form_denied = Formulaire refusé, { $reason ->
    [site] envoyé par un autre site
    [token] qui ne vient pas d’une page de cette session
   *[other] raison inconnue
} : { $method } { $route }
audit-team-members_set = Membres changés. Arrivés : { $joined }. Partis : { $left }.
audit-team-created = Équipe créée
audit-team-changed = Nom ou couleur de l’équipe changés
audit-team-archived = Équipe archivée
audit-team-restored = Équipe reprise
audit-organisation-member_joined = { $person } rejoint l’organisation
audit-organisation-member_left = { $person } quitte l’organisation
audit-organisation-created = Organisation créée
audit-request-type-created = Type de demande créé
audit-request-type-changed = Type de demande changé : { $keys }
audit-request-type-archived = Type de demande retiré du formulaire
audit-request-type-restored = Type de demande remis sur le formulaire
audit-company-changed = Réglages changés : { $keys }
audit-calendar-created = Calendrier créé
audit-calendar-changed = Calendrier modifié : version { $version }
audit-calendar-shown = Heures du calendrier montrées aux clients
audit-calendar-hidden = Heures du calendrier cachées aux clients
audit-calendar-archived = Calendrier retiré
audit-calendar-restored = Calendrier repris
audit-sla-policy-created = Règle de délai créée
audit-sla-policy-changed = Règle de délai modifiée : version { $version }
audit-sla-policy-moved = Règle de délai { $by ->
    [up] montée
   *[other] descendue
  } d’un rang
audit-sla-policy-archived = Règle de délai retirée
audit-sla-policy-restored = Règle de délai reprise
audit-export-audit_exported = Journal d’audit téléchargé en CSV
audit-export-backup_made = Sauvegarde : { $rows } lignes, { $files } pièces jointes
audit-export-backup_restored = Restauration de la sauvegarde du { $date }
