knowledge-title = Articles
knowledge-empty-title = No article yet
knowledge-empty-text = Write to us: a person will answer you.
knowledge-section-empty-title = No article here yet
knowledge-section-empty-text = Look in the other subjects or write to us.
knowledge-aside = Alongside
knowledge-other-sections = Other subjects
knowledge-contents = In this article
knowledge-copy = Copy the link
knowledge-copied = Link copied
knowledge-print = Print
knowledge-still-title = Still stuck?
knowledge-still-text = Write to us from this article: we will know what you have read.
knowledge-file = File a request
knowledge-or-call = Or call
knowledge-related = Read also
search-title = Search: { $query }
search-filters = Filters
search-for = for “{ $query }”
search-nothing-fits = Nothing fits?
search-nothing-fits-text = File a request: your search becomes the subject, nothing to retype.
search-none = Nothing for “{ $query }”
search-none-text = Try another word, or file a request with these.
search-try = Try
knowledge-other-language = { $language ->
    [fr] This article exists only in French for now.
   *[en] This article exists only in English for now.
}
knowledge-count = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
knowledge-general = General
knowledge-page = Page { $page } of { $last }
knowledge-meta = Updated on { $date } · { $minutes } min
knowledge-updated = Updated on { $date }
knowledge-minutes = { $minutes } min read
knowledge-for-customers = For customers
knowledge-for-agents = For the team
knowledge-read-here = Read in English
knowledge-settled = Thank you. We are glad that it is settled.
search-count = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
search-article = Article
search-subject = Subject
search-everywhere = All subjects
search-corrected = Results for “{ $query }”.
search-nearest = No article answers all of these words. These come nearest.
search-without = No article answers all of these words. Left out: { $words }.
search-degraded = Search is being restored: only titles and summaries are compared for now.
manage-articles-title = Knowledge base
manage-articles-folder = Articles are read from the folder { $folder }
manage-articles-public = Public
manage-articles-customers = For customers
manage-articles-internal = Internal
manage-articles-faults = Files to correct
manage-articles-faults-text = Their last readable version stays online until they are corrected.
manage-articles-fine = All files can be read.
manage-articles-file = File
manage-articles-line = Line
manage-articles-reason = What is wrong
manage-articles-overdue = To be reviewed
manage-articles-due = Due by
manage-articles-none-due = Nothing to review.
manage-articles-untranslated = Without a version in the other language
manage-articles-language = Language
manage-articles-all-translated = Every article exists in both languages.
manage-articles-article = Article
kb-fault-no-front-matter = The file does not begin with a front matter between two lines of three hyphens.
kb-fault-unclosed = The front matter is not closed by a line of three hyphens.
kb-fault-title = The title is empty or longer than 300 characters.
kb-fault-summary = The summary is longer than 1,000 characters.
kb-fault-slug = The name of the article in its address may only hold letters without accents, digits, hyphens, dots and underscores.
kb-fault-language = The language is not known: put the file under “fr” or “en”, or add “lang” to its front matter.
kb-fault-section-place = A section file must lie directly in the folder of the section.
kb-fault-taken = The address “{ $slug }” already belongs to { $other }.
kb-fault-duplicate-key = The key “{ $name }” is given twice.
kb-fault-missing-key = The key “{ $name }” is missing.
kb-fault-unknown-key = The key “{ $name }” is not known.
kb-fault-unknown-value = “{ $value }” is not one of the possible values.
kb-fault-wrong-kind = The value is of the wrong kind ({ $what }).
kb-fault-too-large = The front matter holds too much.
kb-fault-syntax = The front matter cannot be read ({ $what }).
kb-fault-too-long = The file is larger than { $max } KiB.
kb-fault-output-too-long = The resulting page would be larger than { $max } KiB.
kb-fault-nested = More than { $max } quotes or lists are nested in one another.
kb-fault-table = The tables have more than { $max } cells.
kb-fault-html = An HTML tag is not well formed.
kb-fault-encoding = The text is not UTF-8.
kb-fault-unreadable = It could not be read ({ $what }).
kb-fault-name = The name of the file is not UTF-8.
