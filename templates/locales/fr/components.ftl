form-optional = facultatif
form-error-title = { $count ->
    [one] Un point est à corriger
   *[other] { $count } points sont à corriger
}
files-label = Pièces jointes
files-limits = { $count } fichiers, { $size } chacun
files-drop = Déposez vos fichiers ici, collez une capture ou
files-choose = Joindre
files-remove = Retirer
files-too-many = { $count } fichiers au plus : les suivants n’ont pas été ajoutés.
files-too-large = Un fichier dépasse { $size } : il n’a pas été ajouté.
files-units = o,Ko,Mo
files-download = Télécharger
filter-remove = Retirer le filtre { $field } { $value }
message-solution = Solution
message-new = Nouveau
message-whole = Afficher tout le message
message-fold = Replier ce message
flash-close = Fermer ce message
nav-breadcrumb = Fil d’Ariane
nav-pages = Pages
nav-previous = Précédents
nav-next = Suivants
nav-range = { $from } à { $to } sur { $count }
nav-shown = { $shown } sur { $count }
search-label = Chercher dans l’aide
search-placeholder = Décrivez votre besoin, avec vos mots
search-button = Rechercher
search-behind = La recherche peut être incomplète : l’index se met à jour.
suggest-count = Propositions : %n
suggest-none = Aucune proposition
suggest-file = Déposer une demande avec ces mots
suggest-choose = choisir
suggest-open = ouvrir
suggest-close = fermer
suggest-enter = Entrée
suggest-escape = Échap
