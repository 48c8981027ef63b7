settings-title = Settings
settings-intro = What the company shows its customers. A change holds at once, without a restart. A value never changed here follows Rocket.toml.
settings-change = Change
settings-saved = The settings are saved and already in force.
settings-group-identity = Name, logo and colours
settings-group-languages = Languages and time zone
settings-group-contact = Phone
settings-group-mail = Sender of mails
settings-group-limits = Limits and delays
settings-group-hours = Hours

settings-from-file = From Rocket.toml or the environment.
settings-from-start = As from the start.
settings-from-calendar = Those of the calendar shown to customers.
settings-chosen = Chosen here.
settings-back-to-file = Return to Rocket.toml ({ $value })
settings-back-to-start = Return to the value from the start ({ $value })
settings-nothing = none
settings-built-in-colour = Guichet’s blue
settings-derived = derived from the light theme
settings-logo-set = a picture
settings-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}

settings-suffix-hint = Lighter, after the name: Support, for instance.
settings-logo-hint = PNG, JPEG or WebP, at most 300 kB. It takes the place of the mark beside the name. If it is more than twice as wide as high, it takes the place of the name, too.
settings-logo-now = The present logo
settings-logo-remove = Remove the logo
settings-logo-drawing = An SVG drawing can hold code and load other files: it is refused. Send a PNG, JPEG or WebP picture.
settings-logo-type = This file is no PNG, JPEG or WebP picture, whatever its name.
settings-logo-heavy = The file is larger than { $kilobytes } kB.
settings-logo-large = The picture must have 1 to { $pixels } pixels on each side.

settings-colours = Colours
settings-colours-hint = The accent is for buttons, links and what is in progress. The rest of the family is derived from it.
settings-accent-hint-light = Dark enough for white text. Empty: Guichet’s blue.
settings-accent-hint-dark = Light enough to be read on a dark ground. Empty: derived from the light theme.
settings-colour = Write a colour such as #153aaf: a hash and six digits from 0 to f.
settings-contrast-fine = Contrast of at least { $ratio }:1 everywhere. 4.5:1 is needed.
settings-contrast-text-on-accent = { $field }: white text on this colour has a contrast of { $ratio }:1; { $needed }:1 is needed. The nearest that will do: { $suggestion }.
settings-contrast-accent-on-ground = { $field }: this colour on the grounds of the theme has a contrast of { $ratio }:1; { $needed }:1 is needed. The nearest that will do: { $suggestion }.
settings-preview = Preview of the colours in both themes
settings-sample-light = Light theme
settings-sample-dark = Dark theme
settings-sample-button = New request
settings-sample-link = A link in the text
settings-sample-chip = Chosen

settings-languages-hint = With one language alone, the choice of language vanishes, and addresses in the other language lead to this one.
settings-languages-none = Offer at least one language.
settings-default-language = Choose a language that is offered.
settings-default-language-hint = For people who ask for none of those offered.
settings-time-zone-hint = For people who have not chosen theirs.

settings-phone = Write a number: digits, spaces, a + at the beginning if needed.
settings-phone-hint = Shown on the portal, in mails and on the sign-in page.
settings-hours-hint = They are the hours of the calendar shown to customers.
settings-hours-change = Open the calendars
settings-hours-none = No hours are shown.
settings-note-hint = For instance: closed on public holidays.

settings-sender-hint = The mail server must accept to send for this address.
settings-sender-name = This name cannot stand in the head of a mail. Write it with letters and spaces.

settings-number = Write a number from { $min } to { $max }.
settings-max-file-hint = From 1 to 200.
settings-confirm-hint = A resolved request that nobody contests counts as confirmed after this time.

settings-conflict-who = { $who } changed these settings ({ $when }).
settings-conflict-text = Nothing that you typed is lost: your values are in the form. Saving them replaces these.
settings-conflict-theirs = Saved:
settings-conflict-yours = Typed by you:
settings-history = Latest changes
settings-became = becomes
settings-followed = (follows the file again)

day-mon = Monday
day-tue = Tuesday
day-wed = Wednesday
day-thu = Thursday
day-fri = Friday
day-sat = Saturday
day-sun = Sunday
hours-days = { $first } to { $last }
hours-two-days = { $first } and { $last }
hours-stretch = { $opens } – { $closes }
