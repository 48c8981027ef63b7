form-optional = optional
form-error-title = { $count ->
    [one] One thing needs correcting
   *[other] { $count } things need correcting
}
files-label = Attachments
files-limits = { $count } files, { $size } each
files-drop = Drop your files here, paste a screenshot or
files-choose = Attach
files-remove = Remove
files-too-many = { $count } files at most: the others were not added.
files-too-large = One file is larger than { $size }: it was not added.
files-units = B,kB,MB
files-download = Download
filter-remove = Remove the filter { $field } { $value }
message-solution = Solution
message-new = New
message-whole = Show the whole message
message-fold = Fold this message
flash-close = Close this message
nav-breadcrumb = Breadcrumb
nav-pages = Pages
nav-previous = Previous
nav-next = Next
nav-range = { $from } to { $to } of { $count }
nav-shown = { $shown } of { $count }
search-label = Search the help
search-placeholder = Describe what you need, in your own words
search-button = Search
search-behind = Search may be incomplete: the index is catching up.
suggest-count = Suggestions: %n
suggest-none = No suggestion
suggest-file = File a request with these words
suggest-choose = choose
suggest-open = open
suggest-close = close
suggest-enter = Enter
suggest-escape = Esc
