form-too-many-files = { $actual } files are too many for one message. The maximum is { $max }: send the others in a further message.
form-file-too-large = “{ $name }” is larger than { $max } MB. Send a smaller file, or a compressed one.
form-file-empty = “{ $name }” is empty. Choose the file again.

label-count = { $count }
label-status-new = New
label-status-open = In progress
label-status-pending = Waiting for customer
label-status-on_hold = Waiting for a third party
label-status-resolved = Resolved
label-status-closed = Confirmed

label-stage-logged = Logged
label-stage-progress = In progress
label-stage-waiting = Waiting for customer
label-stage-resolved = Resolved
label-stage-confirmed = Confirmed

label-stages-logged = Logged
label-stages-progress = In progress
label-stages-waiting = Waiting for customer
label-stages-resolved = Resolved, to confirm
label-stages-confirmed = Confirmed

label-priority-urgent = Critical
label-priority-high = High
label-priority-normal = Normal
label-priority-low = Low

label-channel-web = Portal
label-channel-web-guest = Portal, without signing in
label-channel-mail = Email
label-channel-phone = Telephone
label-channel-visit = Visit
label-channel-api = Program

label-view-mine = My requests
label-view-unassigned = Unassigned
label-view-my_teams = My teams
label-view-open = Open requests
label-view-waiting = Waiting for customer
label-view-solved = Recently resolved

label-field-status = Status
label-field-stage = Stage
label-field-priority = Priority
label-field-team = Team
label-field-assignee = Assignee
label-field-request_type = Type
label-field-tag = Tag
label-field-tags = Tags
label-field-q = Words

label-me = { $name } (me)
label-someone = Unknown person
label-reopened = Reopened

desk-back = Requests
desk-more-than = more than { $count }
desk-stage-unassigned = { $count } unassigned
desk-stage-lately = over 7 days
ticket-search-degraded = Full search is being prepared. These are the latest requests whose number or subject begins this way.
desk-others-all = All their requests
desk-customer-since = Known to us since { $date }
desk-earlier = { $count ->
    [one] Show the earlier entry
   *[other] Show { $count } earlier entries
}
desk-latest = Back to the latest entries
desk-sent-to = sent to { $name }
desk-by-mail = by email
desk-by-phone = by telephone
desk-by-visit = during a visit
desk-by-api = by a program
desk-by-guest = without signing in
desk-status-keep = keep { $status }
desk-status-set = set to { $status }
desk-status-refused = This status cannot follow the present one. Choose another.
desk-form-stale = This page is no longer up to date. Check the values and save again.
desk-saved = The properties are saved.
desk-sent = Your reply is sent.
desk-noted = The note is added.
desk-filed = Request { $reference } is filed.

told-line = { $who } { $text }
told-change = { $label }: { $old } → { $new }
told-because-type = because type = { $name }
told-handed = Handed to the team { $team }
told-filed = filed the request
told-message = wrote a message
told-reply = replied to the customer
told-note = added an internal note
told-properties = changed the properties
told-status = changed the status
told-priority = changed the priority
told-team = handed the request to a team
told-assignee = changed the assignee
told-type = changed the type of request
told-tags = changed the tags
told-confirmed = confirmed the solution
told-reopened = reopened the request
told-time-passed = confirmed the request, for want of an answer
told-revived = brought the request back by writing
