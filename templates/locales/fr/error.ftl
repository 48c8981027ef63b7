error-400-title = Cette adresse ou cet envoi n’est pas lisible
error-400-text = Revenez à la page précédente et recommencez.
error-403-title = Cette page ne vous est pas ouverte
error-403-text = Connectez-vous avec un autre compte, ou demandez l’accès à la personne qui vous a donné le lien.
error-404-title = Rien à cette adresse
error-404-text = La page a pu être déplacée ou retirée. La recherche la retrouve si elle existe encore.
error-410-title = Ce fichier est endommagé
error-410-text = Il ne peut plus être lu tel qu’il a été envoyé. La panne est enregistrée ; donnez-nous le numéro ci-dessous, ou envoyez de nouveau le fichier si vous l’avez encore.
error-413-title = L’envoi est trop lourd
error-413-text = Retirez un fichier ou réduisez sa taille, puis recommencez.
error-429-title = Trop d’essais de suite
error-429-text = Pour que le service reste ouvert à tous, nous comptons ce qui est envoyé en peu de temps.
error-500-title = La panne est de notre côté
error-500-text = Elle est enregistrée. Recommencez dans un moment ; si elle dure, donnez-nous le numéro ci-dessous.
error-503-title = Nous revenons dans un instant
error-503-text = Le service redémarre ou fait face à trop de visites. Rechargez la page dans une minute.
error-desk = Revenir au bureau des agents
error-home = Revenir à l’accueil
error-articles = Parcourir les articles
error-number = Numéro à nous donner :
error-kept-title = Ce que vous avez écrit est là
error-kept-text = Envoyez-le de nouveau d’un clic : rien ne sera enregistré deux fois. Les fichiers, eux, sont à joindre de nouveau ensuite.
error-kept-button = Envoyer de nouveau
error-wait = Attendez quelques minutes, puis recommencez.
error-wait-seconds = { $count ->
    [one] Vous pourrez recommencer dans une seconde.
   *[other] Vous pourrez recommencer dans { $count } secondes.
}
error-wait-minutes = { $count ->
    [one] Vous pourrez recommencer dans une minute.
   *[other] Vous pourrez recommencer dans { $count } minutes.
}
