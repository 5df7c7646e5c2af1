//! The tables of the desk: its people, its rules and policy, its log.

diesel::table! {
    moderators (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
        role -> SmallInt,
        password_hash -> Text,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
        byline -> Text,
        totp_secret -> Nullable<Binary>,
        totp_since -> Nullable<BigInt>,
        totp_step -> BigInt,
        must_change -> Bool,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Binary,
        moderator_id -> BigInt,
        created_at -> BigInt,
        seen_at -> BigInt,
        device -> Text,
    }
}

diesel::table! {
    login_failures (id) {
        id -> BigInt,
        at -> BigInt,
        network -> Binary,
        account -> Binary,
    }
}

diesel::table! {
    rules (id) {
        id -> BigInt,
        number -> SmallInt,
        kind -> Text,
        title -> Text,
        text -> Text,
        since -> BigInt,
        until -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> BigInt,
        at -> BigInt,
        actor -> SmallInt,
        moderator_id -> Nullable<BigInt>,
        act -> Text,
        article_id -> Nullable<BigInt>,
        comment_id -> Nullable<BigInt>,
        decision_id -> Nullable<BigInt>,
        facts -> Text,
        digest -> Nullable<Binary>,
    }
}

diesel::table! {
    audit_texts (entry_id) {
        entry_id -> BigInt,
        salt -> Binary,
        text -> Text,
    }
}

diesel::table! {
    secrets (purpose) {
        purpose -> Text,
        key -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    claims (comment_id) {
        comment_id -> BigInt,
        moderator_id -> BigInt,
        since -> BigInt,
        until -> BigInt,
        light -> Bool,
    }
}

diesel::table! {
    bulks (id) {
        id -> BigInt,
        moderator_id -> BigInt,
        at -> BigInt,
        asked -> BigInt,
        done -> BigInt,
        changed -> BigInt,
        undone -> Nullable<BigInt>,
        undone_changed -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_notes (id) {
        id -> BigInt,
        comment_id -> Nullable<BigInt>,
        author_id -> Nullable<BigInt>,
        moderator_id -> BigInt,
        at -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    saved_replies (id) {
        id -> BigInt,
        title -> Text,
        text -> Text,
        moderator_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    policies (version) {
        version -> BigInt,
        at -> BigInt,
        moderator_id -> Nullable<BigInt>,
        settings -> Text,
    }
}

diesel::table! {
    policy_entries (id) {
        id -> BigInt,
        kind -> SmallInt,
        pattern -> Text,
        action -> SmallInt,
        scope -> SmallInt,
        until -> Nullable<BigInt>,
        moderator_id -> Nullable<BigInt>,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_seals (seq) {
        seq -> BigInt,
        entry_id -> BigInt,
        hash -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    audit_unsealed (entry_id) {
        entry_id -> BigInt,
    }
}

diesel::table! {
    recovery_codes (code_hash) {
        code_hash -> Binary,
        moderator_id -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_steps (token_hash) {
        token_hash -> Binary,
        moderator_id -> BigInt,
        created_at -> BigInt,
        failures -> SmallInt,
    }
}
