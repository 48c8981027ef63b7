form-too-many-files = { $actual } fichiers, c’est trop pour un seul message. Le maximum est de { $max } : envoyez les autres dans un second message.
form-file-too-large = « { $name } » dépasse { $max } Mo. Envoyez un fichier plus petit ou compressé.
form-file-empty = « { $name } » est vide. Choisissez le fichier à nouveau.

label-count = { $count }
label-status-new = Nouvelle
label-status-open = En cours
label-status-pending = En attente client
label-status-on_hold = En attente d’un tiers
label-status-resolved = Résolue
label-status-closed = Confirmée

label-stage-logged = Enregistrée
label-stage-progress = En cours
label-stage-waiting = En attente client
label-stage-resolved = Résolue
label-stage-confirmed = Confirmée

label-stages-logged = Enregistrées
label-stages-progress = En cours
label-stages-waiting = En attente client
label-stages-resolved = Résolues, à confirmer
label-stages-confirmed = Confirmées

label-priority-urgent = Critique
label-priority-high = Haute
label-priority-normal = Normale
label-priority-low = Basse

label-channel-web = Portail
label-channel-web-guest = Portail, sans connexion
label-channel-mail = Courriel
label-channel-phone = Téléphone
label-channel-visit = Visite
label-channel-api = Programme

label-view-mine = Mes demandes
label-view-unassigned = Sans responsable
label-view-my_teams = Mes équipes
label-view-open = Demandes ouvertes
label-view-waiting = En attente client
label-view-solved = Résolues récemment

label-field-status = Statut
label-field-stage = Étape
label-field-priority = Priorité
label-field-team = Équipe
label-field-assignee = Responsable
label-field-request_type = Type
label-field-tag = Étiquette
label-field-tags = Étiquettes
label-field-q = Mots

label-me = { $name } (moi)
label-someone = Personne inconnue
label-reopened = Rouverte

desk-back = Les demandes
desk-more-than = plus de { $count }
desk-stage-unassigned = { $count } sans responsable
desk-stage-lately = sur 7 jours
ticket-search-degraded = La recherche complète se prépare. Voici les dernières demandes dont le numéro ou l’objet commence ainsi.
desk-others-all = Toutes ses demandes
desk-customer-since = Dans nos contacts depuis le { $date }
desk-earlier = { $count ->
    [one] Voir l’élément précédent
   *[other] Voir { $count } éléments précédents
}
desk-latest = Revenir aux derniers éléments
desk-sent-to = envoyé à { $name }
desk-by-mail = par courriel
desk-by-phone = par téléphone
desk-by-visit = lors d’une visite
desk-by-api = par un programme
desk-by-guest = sans connexion
desk-status-keep = garder { $status }
desk-status-set = passer à { $status }
desk-status-refused = Ce statut ne peut pas suivre le statut actuel. Choisissez-en un autre.
desk-form-stale = Cette page n’est plus à jour. Vérifiez les valeurs et enregistrez à nouveau.
desk-saved = Les propriétés sont enregistrées.
desk-sent = Votre réponse est envoyée.
desk-noted = La note est ajoutée.
desk-filed = La demande { $reference } est déposée.

told-line = { $who } { $text }
told-change = { $label } : { $old } → { $new }
told-because-type = car type = { $name }
told-handed = Confiée à l’équipe { $team }
told-filed = a déposé la demande
told-message = a écrit un message
told-reply = a répondu au client
told-note = a ajouté une note interne
told-properties = a modifié les propriétés
told-status = a changé le statut
told-priority = a changé la priorité
told-team = a confié la demande à une équipe
told-assignee = a changé le responsable
told-type = a changé le type de demande
told-tags = a changé les étiquettes
told-confirmed = a confirmé la solution
told-reopened = a rouvert la demande
told-time-passed = a confirmé la demande, faute de réponse
told-revived = a relancé la demande en écrivant
