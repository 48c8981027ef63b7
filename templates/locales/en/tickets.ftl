form-too-many-files = { $actual } files are too many for one message. The maximum is { $max }: send the others in a further message.
form-file-too-large = “{ $name }” is larger than { $max } MB. Send a smaller file, or a compressed one.
form-file-empty = “{ $name }” is empty. Choose the file again.
