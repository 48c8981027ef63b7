front-malformed = Cette requête est illisible. Rechargez la page ; si cela se reproduit, essayez un autre navigateur.
front-too-slow = La requête n’est pas arrivée à temps. Veuillez réessayer.
front-head-too-large = Cette requête est trop longue pour être lue. Supprimer les cookies de ce site peut aider.
front-too-many-connections = Trop de connexions sont ouvertes en ce moment. Veuillez réessayer dans un instant.
front-unavailable = Le service ne peut pas répondre pour l’instant. Veuillez réessayer dans un instant.
front-misdirected = Ce portail n’est pas à cette adresse. La personne qui l’exploite indique la bonne dans public_url.
