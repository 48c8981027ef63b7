settings-title = Réglages
settings-intro = Ce que l’entreprise montre à ses clients. Un changement vaut aussitôt, sans redémarrage. Une valeur jamais changée ici suit Rocket.toml.
settings-change = Modifier
settings-saved = Les réglages sont enregistrés et déjà en vigueur.
settings-group-identity = Nom, logo et couleurs
settings-group-languages = Langues et fuseau horaire
settings-group-contact = Téléphone
settings-group-mail = Expéditeur des courriels
settings-group-limits = Limites et délais
settings-group-hours = Heures

settings-from-file = Vient de Rocket.toml ou de l’environnement.
settings-from-start = Valeur d’origine.
settings-from-calendar = Celles du calendrier montré aux clients.
settings-chosen = Choisi ici.
settings-back-to-file = Revenir à Rocket.toml ({ $value })
settings-back-to-start = Revenir à la valeur d’origine ({ $value })
settings-nothing = aucun
settings-built-in-colour = bleu de Guichet
settings-derived = déduit du thème clair
settings-logo-set = une image
settings-days = { $days ->
    [one] { $days } jour
   *[other] { $days } jours
}

settings-suffix-hint = Plus léger, après le nom : Assistance, par exemple.
settings-logo-hint = PNG, JPEG ou WebP, 300 Ko au plus. Il remplace le signe à côté du nom. S’il est plus de deux fois plus large que haut, il remplace aussi le nom.
settings-logo-now = Le logo actuel
settings-logo-remove = Retirer le logo
settings-logo-drawing = Un dessin SVG peut contenir du code et charger d’autres fichiers : il est refusé. Envoyez une image PNG, JPEG ou WebP.
settings-logo-type = Ce fichier n’est pas une image PNG, JPEG ou WebP, quel que soit son nom.
settings-logo-heavy = Le fichier dépasse { $kilobytes } Ko.
settings-logo-large = L’image doit avoir de 1 à { $pixels } pixels de côté.

settings-colours = Couleurs
settings-colours-hint = L’accent sert aux boutons, aux liens et à ce qui est en cours. Le reste de la famille s’en déduit.
settings-accent-hint-light = Assez foncé pour porter du texte blanc. Vide : le bleu de Guichet.
settings-accent-hint-dark = Assez clair pour se lire sur un fond sombre. Vide : déduit du thème clair.
settings-colour = Écrivez une couleur comme #153aaf : un dièse et six chiffres de 0 à f.
settings-contrast-fine = Contraste d’au moins { $ratio }:1 partout. Il faut 4,5:1.
settings-contrast-text-on-accent = { $field } : le texte blanc sur cette couleur a un contraste de { $ratio }:1, il faut { $needed }:1. La plus proche qui convient : { $suggestion }.
settings-contrast-accent-on-ground = { $field } : cette couleur sur les fonds du thème a un contraste de { $ratio }:1, il faut { $needed }:1. La plus proche qui convient : { $suggestion }.
settings-preview = Aperçu des couleurs dans les deux thèmes
settings-sample-light = Thème clair
settings-sample-dark = Thème sombre
settings-sample-button = Nouvelle demande
settings-sample-link = Un lien dans le texte
settings-sample-chip = Choisi

settings-languages-hint = Avec une seule langue, le choix de langue disparaît et les adresses de l’autre langue mènent à celle-ci.
settings-languages-none = Proposez au moins une langue.
settings-default-language = Choisissez une langue qui est proposée.
settings-default-language-hint = Pour qui n’en demande aucune de celles qui sont proposées.
settings-time-zone-hint = Pour qui n’a pas choisi le sien.

settings-phone = Écrivez un numéro : des chiffres, des espaces, un + au début si besoin.
settings-phone-hint = Affiché sur le portail, dans les courriels et sur la page de connexion.
settings-hours-hint = Ce sont les heures du calendrier montré aux clients.
settings-hours-change = Ouvrir les calendriers
settings-hours-none = Aucune heure n’est montrée.
settings-note-hint = Par exemple : fermé les jours fériés.

settings-sender-hint = Le serveur de courriel doit accepter d’envoyer pour cette adresse.
settings-sender-name = Ce nom ne peut pas figurer dans l’en-tête d’un courriel. Écrivez-le avec des lettres et des espaces.

settings-number = Écrivez un nombre de { $min } à { $max }.
settings-max-file-hint = De 1 à 200.
settings-confirm-hint = Une demande résolue que personne ne conteste compte comme confirmée après ce délai.

settings-conflict-who = { $who } a modifié ces réglages ({ $when }).
settings-conflict-text = Rien de ce que vous avez saisi n’est perdu : vos valeurs sont dans le formulaire. Les enregistrer remplace celles-ci.
settings-conflict-theirs = Enregistré :
settings-conflict-yours = Votre saisie :
settings-history = Derniers changements
settings-became = devient
settings-followed = (suit de nouveau le fichier)

day-mon = Lundi
day-tue = Mardi
day-wed = Mercredi
day-thu = Jeudi
day-fri = Vendredi
day-sat = Samedi
day-sun = Dimanche
hours-days = { $first } au { $last }
hours-two-days = { $first } et { $last }
hours-stretch = { $opens } – { $closes }
