knowledge-title = Articles
knowledge-empty-title = Pas encore d’article
knowledge-empty-text = Écrivez-nous : une personne vous répondra.
knowledge-section-empty-title = Pas encore d’article ici
knowledge-section-empty-text = Cherchez dans les autres sujets ou écrivez-nous.
knowledge-aside = À côté
knowledge-other-sections = Autres sujets
knowledge-contents = Dans cet article
knowledge-copy = Copier le lien
knowledge-copied = Lien copié
knowledge-print = Imprimer
knowledge-still-title = Toujours bloqué ?
knowledge-still-text = Écrivez-nous depuis cet article : nous saurons ce que vous avez déjà lu.
knowledge-file = Déposer une demande
knowledge-or-call = Ou au
knowledge-related = À lire aussi
search-title = Recherche : { $query }
search-filters = Filtres
search-for = pour « { $query } »
search-nothing-fits = Rien ne correspond ?
search-nothing-fits-text = Déposez une demande : votre recherche devient l’objet, rien à retaper.
search-none = Rien pour « { $query } »
search-none-text = Essayez un autre mot, ou déposez une demande avec ceux-ci.
search-try = Essayez
knowledge-other-language = { $language ->
    [en] Cet article n’existe pour l’instant qu’en anglais.
   *[fr] Cet article n’existe pour l’instant qu’en français.
}
knowledge-count = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
knowledge-general = Général
knowledge-page = Page { $page } sur { $last }
knowledge-meta = Mis à jour le { $date } · { $minutes } min
knowledge-updated = Mis à jour le { $date }
knowledge-minutes = { $minutes } min de lecture
knowledge-for-customers = Réservé aux clients
knowledge-for-agents = Réservé à l’équipe
knowledge-read-here = Lire en français
knowledge-settled = Merci. Nous sommes contents que ce soit réglé.
search-count = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
search-article = Article
search-subject = Sujet
search-everywhere = Tous les sujets
search-corrected = Résultats pour « { $query } ».
search-nearest = Aucun article ne répond à tous ces mots. Voici les plus proches.
search-without = Aucun article ne répond à tous ces mots. Laissés de côté : { $words }.
search-degraded = La recherche se remet en état : seuls les titres et les résumés sont comparés pour l’instant.
manage-articles-title = Base de connaissances
manage-articles-folder = Articles lus dans le dossier { $folder }
manage-articles-public = Publics
manage-articles-customers = Pour les clients
manage-articles-internal = Internes
manage-articles-faults = Fichiers à corriger
manage-articles-faults-text = Leur dernière version lisible reste en ligne jusqu’à la correction.
manage-articles-fine = Tous les fichiers sont lisibles.
manage-articles-file = Fichier
manage-articles-line = Ligne
manage-articles-reason = Ce qui ne va pas
manage-articles-overdue = À relire
manage-articles-due = À relire avant le
manage-articles-none-due = Rien à relire.
manage-articles-untranslated = Sans version dans l’autre langue
manage-articles-language = Langue
manage-articles-all-translated = Tous les articles existent dans les deux langues.
manage-articles-article = Article
kb-fault-no-front-matter = Le fichier ne commence pas par un en-tête entre deux lignes de trois tirets.
kb-fault-unclosed = L’en-tête n’est pas fermé par une ligne de trois tirets.
kb-fault-title = Le titre est vide ou dépasse 300 caractères.
kb-fault-summary = Le résumé dépasse 1 000 caractères.
kb-fault-slug = Le nom de l’article dans son adresse ne peut contenir que des lettres sans accent, des chiffres, des tirets, des points et des tirets bas.
kb-fault-language = La langue n’est pas connue : rangez le fichier dans « fr » ou « en », ou ajoutez « lang » à l’en-tête.
kb-fault-section-place = Un fichier de section doit se trouver directement dans le dossier de la section.
kb-fault-taken = L’adresse « { $slug } » appartient déjà à { $other }.
kb-fault-duplicate-key = La clé « { $name } » figure deux fois.
kb-fault-missing-key = La clé « { $name } » manque.
kb-fault-unknown-key = La clé « { $name } » n’est pas connue.
kb-fault-unknown-value = « { $value } » ne fait pas partie des valeurs possibles.
kb-fault-wrong-kind = La valeur n’est pas du bon type ({ $what }).
kb-fault-too-large = L’en-tête contient trop de choses.
kb-fault-syntax = L’en-tête n’est pas lisible ({ $what }).
kb-fault-too-long = Le fichier dépasse { $max } Kio.
kb-fault-output-too-long = La page produite dépasserait { $max } Kio.
kb-fault-nested = Plus de { $max } citations ou listes sont imbriquées.
kb-fault-table = Les tableaux ont plus de { $max } cases.
kb-fault-html = Une balise HTML est mal formée.
kb-fault-encoding = Le texte n’est pas en UTF-8.
kb-fault-unreadable = La lecture a échoué ({ $what }).
kb-fault-name = Le nom du fichier n’est pas en UTF-8.
