form-required = Remplissez ce champ.
form-choose = Faites un choix.
form-choice = Ce choix n’existe pas. Choisissez dans la liste.
form-email = Écrivez une adresse complète, par exemple prenom.nom@exemple.fr.
form-invisible = Des caractères invisibles ont été retirés. Vérifiez le texte et envoyez-le de nouveau.
form-too-long = { $actual } caractères : c’est trop long. Le maximum est de { $max }.
