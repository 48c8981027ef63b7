audit-title = Audit
audit-filter = Narrow the audit
audit-show = Show
audit-clear = Show everything
audit-export = Download as CSV
audit-export-note = A download holds what is shown here, the newest { $count } lines at most, and is itself recorded.
audit-address = name@example.com
audit-column-when = When
audit-column-what = What happened
audit-none-title = Nothing recorded
audit-none-text = Sign-ins, refusals, rights, exports and settings appear here.
audit-no-match-text = Nothing matches this filter.
audit-nobody = Nobody here has this address.
audit-date = Type a date such as 2026-11-30.
audit-until-before = Choose the same day as the first one, or a later one.
field-area = Subject
field-result = Result
field-who = Who
field-about = About
field-from = From
field-until = To
audit-any-area = All
audit-area-sign_in = Sign-ins
audit-area-denial = Refusals
audit-area-rights = Rights
audit-area-export = Exports
audit-area-settings = Settings
audit-any-result = All
audit-result-done = done
audit-result-refused = refused
audit-who-anonymous = Not signed in
audit-who-command = Command line
audit-who-system = Guichet
audit-stranger = unknown address { $print }
audit-other = Event “{ $kind }”

audit-person-signed_in = Signed in { $by ->
    [link] with a link that was mailed
    [password] { $factor ->
        [code] with password and code
        [recovery_code] with password and recovery code
       *[other] with the password
    }
   *[other] { "" }
}
audit-person-signed_out = Signed out
audit-person-session_ended = Ended a session
audit-person-sessions_ended = { $count ->
    [one] Ended a session
   *[other] Ended { $count } sessions
}
audit-person-sign_in_denied = Sign-in refused: { $reason ->
    [password] wrong password
    [code] wrong code
    [disabled] the account is closed
   *[other] reason unknown
}
audit-person-password_changed = Changed the password
audit-person-factor_added = Turned two-step verification on
audit-person-factor_removed = Turned two-step verification off
audit-person-factor_reset = Reset two-step verification
audit-person-recovery_codes_made = Made new recovery codes
audit-person-recovery_code_used = Used a recovery code
audit-person-invited = Invited as { $role ->
    [manager] manager
    [agent] agent
    [customer] customer
   *[other] { $role }
}
audit-person-added = Added with a password, as { $role ->
    [manager] manager
    [agent] agent
    [customer] customer
   *[other] { $role }
}
audit-person-role_changed = Role changed: { $old ->
    [manager] manager
    [agent] agent
    [customer] customer
   *[other] { $old }
} → { $new ->
    [manager] manager
    [agent] agent
    [customer] customer
   *[other] { $new }
}
audit-person-disabled = Closed the access
audit-person-enabled = Opened the access again
audit-person-erased = Erased the person
audit-person-data_exported = Made a copy of the personal data { $by ->
    [self] of their own
    [manager] for the person
   *[other] on the command line
}
audit-stranger-sign_in_denied = Sign-in refused: nobody has this address
audit-sign-in-sign_in_denied = Sign-in refused: nobody has this address
audit-sign-in-rules_changed = Two-step verification of the team: { $new ->
    [true] required
    [false] optional
   *[other] rule changed
}
audit-denial-denied = Page refused: { $method } { $route }
audit-denial-request_denied = Somebody else’s request refused, { $reference }: { $method } { $route }
audit-denial-form_denied = Form refused, { $reason ->
    [site] sent by another site
    [token] not from a page of this session
   *[other] reason unknown
}: { $method } { $route }
audit-team-members_set = Members changed. Joined: { $joined }. Left: { $left }.
audit-team-created = Created the team
audit-team-changed = Changed name or colour of the team
audit-team-archived = Archived the team
audit-team-restored = Took the team back
audit-organisation-member_joined = { $person } joined the organisation
audit-organisation-member_left = { $person } left the organisation
audit-organisation-created = Created the organisation
audit-request-type-created = Created the request type
audit-request-type-changed = Changed the request type: { $keys }
audit-request-type-archived = Took the request type off the form
audit-request-type-restored = Put the request type back on the form
audit-company-changed = Changed settings: { $keys }
audit-calendar-created = Created the calendar
audit-calendar-changed = Changed the calendar: version { $version }
audit-calendar-shown = Showed the calendar’s hours to customers
audit-calendar-hidden = Stopped showing the calendar’s hours to customers
audit-calendar-archived = Gave the calendar up
audit-calendar-restored = Took the calendar back
audit-sla-policy-created = Created the policy
audit-sla-policy-changed = Changed the policy: version { $version }
audit-sla-policy-moved = Moved the policy { $by ->
    [up] up
   *[other] down
  } in the order
audit-sla-policy-archived = Gave the policy up
audit-sla-policy-restored = Took the policy back
audit-export-audit_exported = Downloaded the audit as CSV
audit-export-backup_made = Made a backup: { $rows } rows, { $files } attachments
audit-export-backup_restored = Restored from the backup of { $date }
