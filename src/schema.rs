//! The tables, in portable types only. A test compares this file with both databases.

#![expect(missing_docs, reason = "the migrations describe the columns")]

diesel::table! {
    events (id) {
        id -> BigInt,
        stream -> Text,
        stream_id -> BigInt,
        seq -> BigInt,
        at -> Timestamp,
        kind -> Text,
        data -> Text,
        facts -> Text,
        actor_kind -> Text,
        actor_id -> Nullable<BigInt>,
        cause -> Text,
        audit -> Nullable<Text>,
    }
}

diesel::table! {
    submissions (key) {
        key -> Text,
        outcome -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    search_revisions (index_name) {
        index_name -> Text,
        revision -> BigInt,
    }
}

diesel::table! {
    search_changes (index_name, revision) {
        index_name -> Text,
        revision -> BigInt,
        item_id -> BigInt,
    }
}

diesel::table! {
    mails (id) {
        id -> BigInt,
        message_id -> Text,
        kind -> Text,
        to_address -> Text,
        to_name -> Text,
        language -> Text,
        data -> Text,
        subject -> Text,
        thread -> Nullable<Text>,
        in_reply_to -> Nullable<Text>,
        secret -> Bool,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamp,
        leased_until -> Nullable<Timestamp>,
        exported_at -> Nullable<Timestamp>,
        failing_since -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        email -> Text,
        name -> Text,
        role -> Text,
        language -> Text,
        time_zone -> Text,
        password_hash -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        token_hash -> Text,
        public_id -> Text,
        person_id -> BigInt,
        device -> Text,
        network -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    second_factors (person_id) {
        person_id -> BigInt,
        sealed_key -> Text,
        last_step -> BigInt,
        added_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (id) {
        id -> BigInt,
        person_id -> BigInt,
        code_hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    pending_sign_ins (id) {
        id -> BigInt,
        token_hash -> Text,
        person_id -> BigInt,
        misses -> Integer,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    sign_in_rules (id) {
        id -> BigInt,
        factor_required -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    tokens (id) {
        id -> BigInt,
        token_hash -> Text,
        purpose -> Text,
        person_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    reset_requests (id) {
        id -> BigInt,
        email -> Text,
        asked_at -> Timestamp,
    }
}

diesel::table! {
    sign_up_requests (id) {
        id -> BigInt,
        email -> Text,
        name -> Text,
        language -> Text,
        asked_at -> Timestamp,
    }
}

diesel::table! {
    organisations (id) {
        id -> BigInt,
        name -> Text,
        folded_name -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    organisation_members (person_id) {
        person_id -> BigInt,
        organisation_id -> BigInt,
    }
}

diesel::table! {
    teams (id) {
        id -> BigInt,
        name -> Text,
        folded_name -> Text,
        hue -> Integer,
        created_at -> Timestamp,
        archived_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    team_members (team_id, person_id) {
        team_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    request_types (id) {
        id -> BigInt,
        key -> Text,
        name_fr -> Text,
        name_en -> Text,
        hint_fr -> Text,
        hint_en -> Text,
        icon -> Text,
        position -> Integer,
        default_team_id -> Nullable<BigInt>,
        default_priority -> Text,
        archived_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    tickets (id) {
        id -> BigInt,
        reference -> Text,
        subject -> Text,
        request_type_id -> BigInt,
        status -> Text,
        open -> Bool,
        priority -> Text,
        priority_rank -> Integer,
        channel -> Text,
        language -> Text,
        requester_id -> BigInt,
        organisation_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        assignee_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        responded_at -> Nullable<Timestamp>,
        pending_at -> Nullable<Timestamp>,
        resolved_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        last_author -> Text,
        message_count -> BigInt,
        reopened_count -> BigInt,
        version -> BigInt,
        due_order -> Timestamp,
        due_goal -> Nullable<Text>,
        due_left -> Nullable<BigInt>,
    }
}

diesel::table! {
    ticket_tags (ticket_id, tag) {
        ticket_id -> BigInt,
        tag -> Text,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        seq -> BigInt,
        visibility -> Text,
        author_kind -> Text,
        author_id -> Nullable<BigInt>,
        channel -> Text,
        body -> Text,
        html -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    attachments (id) {
        id -> BigInt,
        public_id -> Text,
        ticket_id -> BigInt,
        message_id -> BigInt,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sections (id) {
        id -> BigInt,
        language -> Text,
        key -> Text,
        title -> Text,
        summary -> Text,
        icon -> Text,
        position -> Integer,
    }
}

diesel::table! {
    articles (id) {
        id -> BigInt,
        language -> Text,
        slug -> Text,
        section -> Text,
        title -> Text,
        summary -> Text,
        audience -> Text,
        tags -> Text,
        questions -> Text,
        headings -> Text,
        review_on -> Nullable<Text>,
        translation -> Nullable<Text>,
        path -> Text,
        content_hash -> Text,
        words -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
        revision -> BigInt,
        html -> Text,
        plain -> Text,
    }
}

diesel::table! {
    article_faults (path) {
        path -> Text,
        line -> Integer,
        reason -> Text,
        since -> Timestamp,
    }
}

diesel::table! {
    deflections (id) {
        id -> BigInt,
        form_key -> Text,
        article_id -> BigInt,
        person_id -> Nullable<BigInt>,
        subject -> Text,
        opened_at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
        ticket_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    company_settings (name) {
        name -> Text,
        version -> BigInt,
        chosen -> Text,
    }
}

diesel::table! {
    company_logos (sha256) {
        sha256 -> Text,
        media_type -> Text,
        width -> Integer,
        height -> Integer,
        content -> Binary,
    }
}

diesel::table! {
    drafts (id) {
        id -> BigInt,
        person_id -> Nullable<BigInt>,
        form -> Text,
        subject_id -> BigInt,
        fields -> Text,
        form_key -> Text,
        revision -> BigInt,
        updated_at -> Timestamp,
        guest -> Nullable<Text>,
    }
}

diesel::table! {
    draft_files (id) {
        id -> BigInt,
        draft_id -> Nullable<BigInt>,
        public_id -> Text,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        since -> Timestamp,
    }
}

diesel::table! {
    erasures (id) {
        id -> BigInt,
        person_mark -> Text,
        address_mark -> Text,
        erased_at -> Timestamp,
        keep_texts -> Bool,
    }
}

diesel::table! {
    calendars (id) {
        id -> BigInt,
        name -> Text,
        folded_name -> Text,
        shown -> Bool,
        follows_file -> Bool,
        created_at -> Timestamp,
        archived_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    calendar_versions (calendar_id, number) {
        calendar_id -> BigInt,
        number -> BigInt,
        name -> Text,
        content -> Text,
        at -> Timestamp,
        author_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    sla_policies (id) {
        id -> BigInt,
        name -> Text,
        folded_name -> Text,
        position -> Integer,
        created_at -> Timestamp,
        archived_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    sla_policy_versions (policy_id, number) {
        policy_id -> BigInt,
        number -> BigInt,
        name -> Text,
        content -> Text,
        at -> Timestamp,
        author_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    ticket_policies (ticket_id) {
        ticket_id -> BigInt,
        policy_id -> Nullable<BigInt>,
        policy_version -> BigInt,
        calendar_id -> Nullable<BigInt>,
        calendar_version -> BigInt,
        by_hand -> Bool,
    }
}

diesel::table! {
    sla_recounts (id) {
        id -> BigInt,
        wanted -> BigInt,
        done -> BigInt,
        after_ticket -> BigInt,
    }
}

diesel::table! {
    promises (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        goal -> Text,
        turn -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        made_at -> Timestamp,
        due_at -> Timestamp,
        watch_at -> Timestamp,
        warned_at -> Nullable<Timestamp>,
        settled_at -> Nullable<Timestamp>,
        extended -> Bool,
        policy_id -> BigInt,
        policy_version -> BigInt,
        calendar_id -> BigInt,
        calendar_version -> BigInt,
    }
}

diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(tokens -> people (person_id));
diesel::joinable!(second_factors -> people (person_id));
diesel::joinable!(recovery_codes -> second_factors (person_id));
diesel::joinable!(pending_sign_ins -> people (person_id));
diesel::joinable!(organisation_members -> people (person_id));
diesel::joinable!(organisation_members -> organisations (organisation_id));
diesel::joinable!(team_members -> teams (team_id));
diesel::joinable!(team_members -> people (person_id));
diesel::joinable!(request_types -> teams (default_team_id));
diesel::joinable!(tickets -> request_types (request_type_id));
diesel::joinable!(tickets -> organisations (organisation_id));
diesel::joinable!(tickets -> teams (team_id));
diesel::joinable!(ticket_tags -> tickets (ticket_id));
diesel::joinable!(messages -> tickets (ticket_id));
diesel::joinable!(messages -> people (author_id));
diesel::joinable!(attachments -> tickets (ticket_id));
diesel::joinable!(attachments -> messages (message_id));
diesel::joinable!(deflections -> articles (article_id));
diesel::joinable!(deflections -> people (person_id));
diesel::joinable!(drafts -> people (person_id));
diesel::joinable!(draft_files -> drafts (draft_id));
diesel::joinable!(calendar_versions -> calendars (calendar_id));
diesel::joinable!(sla_policy_versions -> sla_policies (policy_id));
diesel::joinable!(ticket_policies -> tickets (ticket_id));
diesel::joinable!(promises -> tickets (ticket_id));

diesel::allow_tables_to_appear_in_same_query!(
    article_faults,
    articles,
    attachments,
    calendar_versions,
    calendars,
    company_logos,
    company_settings,
    deflections,
    draft_files,
    drafts,
    erasures,
    events,
    mails,
    messages,
    organisation_members,
    organisations,
    pending_sign_ins,
    people,
    promises,
    recovery_codes,
    request_types,
    reset_requests,
    search_changes,
    search_revisions,
    sections,
    second_factors,
    sessions,
    sign_in_rules,
    sign_up_requests,
    sla_policies,
    sla_policy_versions,
    sla_recounts,
    submissions,
    team_members,
    teams,
    ticket_policies,
    ticket_tags,
    tickets,
    tokens,
);
