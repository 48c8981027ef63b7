knowledge-title = Articles
knowledge-count = { $count } articles
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
search-widened = Search widened to
search-exact = Search the exact words
search-nothing-fits = Nothing fits?
search-nothing-fits-text = File a request: your search becomes the subject, nothing to retype.
search-none = Nothing for “{ $query }”
search-none-text = Try another word, or file a request with these.
search-try = Try
knowledge-other-language = { $language ->
    [fr] This article exists only in French for now.
   *[en] This article exists only in English for now.
}
