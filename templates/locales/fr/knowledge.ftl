knowledge-title = Articles
knowledge-count = { $count } articles
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
search-widened = Recherche élargie à
search-exact = Chercher les mots exacts
search-nothing-fits = Rien ne correspond ?
search-nothing-fits-text = Déposez une demande : votre recherche devient l’objet, rien à retaper.
search-none = Rien pour « { $query } »
search-none-text = Essayez un autre mot, ou déposez une demande avec ceux-ci.
search-try = Essayez
knowledge-other-language = { $language ->
    [en] Cet article n’existe pour l’instant qu’en anglais.
   *[fr] Cet article n’existe pour l’instant qu’en français.
}
