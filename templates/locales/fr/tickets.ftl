form-too-many-files = { $actual } fichiers, c’est trop pour un seul message. Le maximum est de { $max } : envoyez les autres dans un second message.
form-file-too-large = « { $name } » dépasse { $max } Mo. Envoyez un fichier plus petit ou compressé.
form-file-empty = « { $name } » est vide. Choisissez le fichier à nouveau.
