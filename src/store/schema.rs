//! The tables of both engines. Kept by hand; `tests/migrations.rs` holds both migration folders against them.

mod desk;

pub use desk::*;

diesel::table! {
    articles (id) {
        id -> BigInt,
        slug -> Text,
        section -> Text,
        title -> Text,
        summary -> Text,
        byline -> Text,
        body_html -> Text,
        digest -> Binary,
        published_at -> BigInt,
        updated_at -> Nullable<BigInt>,
        comments_open -> Bool,
        closed_at -> Nullable<BigInt>,
        kept_open -> Bool,
        removed_at -> Nullable<BigInt>,
        comment_count -> BigInt,
        view_count -> BigInt,
        page_version -> BigInt,
        created_at -> BigInt,
        hold -> Nullable<SmallInt>,
    }
}

diesel::table! {
    article_aliases (slug) {
        slug -> Text,
        article_id -> BigInt,
    }
}

diesel::table! {
    authors (id) {
        id -> BigInt,
        created_at -> BigInt,
        approved_count -> BigInt,
        rejected_count -> BigInt,
        spam_count -> BigInt,
        trusted_at -> Nullable<BigInt>,
        trusted_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        article_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        root_id -> Nullable<BigInt>,
        depth -> SmallInt,
        status -> SmallInt,
        version -> BigInt,
        author_id -> Nullable<BigInt>,
        staff -> SmallInt,
        name -> Text,
        email -> Text,
        website -> Text,
        body -> Text,
        body_html -> Text,
        html_version -> SmallInt,
        receipt -> Text,
        digest -> Nullable<Binary>,
        network -> Nullable<Binary>,
        hold -> Text,
        risk -> BigInt,
        created_at -> BigInt,
        published_at -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        ground -> Nullable<SmallInt>,
        rule_id -> Nullable<BigInt>,
        public_descendants -> BigInt,
        name_key -> Text,
        email_key -> Text,
        revision_id -> Nullable<BigInt>,
        edited_at -> Nullable<BigInt>,
        open_reports -> BigInt,
        purged_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    decisions (id) {
        id -> BigInt,
        comment_id -> BigInt,
        moderator_id -> Nullable<BigInt>,
        at -> BigInt,
        from_status -> SmallInt,
        to_status -> SmallInt,
        ground -> Nullable<SmallInt>,
        rule_id -> Nullable<BigInt>,
        note -> Text,
        undoes -> Nullable<BigInt>,
        comment_version -> BigInt,
        about -> SmallInt,
        outcome -> Nullable<SmallInt>,
        revision_id -> Nullable<BigInt>,
        appeal_id -> Nullable<BigInt>,
        bulk_id -> Nullable<BigInt>,
        waited -> Nullable<BigInt>,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        decision_id -> BigInt,
        comment_id -> BigInt,
        kind -> Text,
        message_id -> Text,
        due_at -> BigInt,
        claimed_at -> Nullable<BigInt>,
        delivered_at -> Nullable<BigInt>,
        cancelled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    author_devices (token_hash) {
        token_hash -> Binary,
        author_id -> BigInt,
        created_at -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    revisions (id) {
        id -> BigInt,
        comment_id -> BigInt,
        status -> SmallInt,
        body -> Text,
        body_html -> Text,
        html_version -> SmallInt,
        hold -> Text,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        previous_body -> Text,
        previous_html -> Text,
    }
}

diesel::table! {
    appeals (id) {
        id -> BigInt,
        comment_id -> BigInt,
        decision_id -> BigInt,
        status -> SmallInt,
        text -> Text,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        comment_id -> BigInt,
        receipt -> Text,
        digest -> Nullable<Binary>,
        network -> Nullable<Binary>,
        ground -> SmallInt,
        rule_id -> Nullable<BigInt>,
        explanation -> Text,
        contact_name -> Text,
        contact_email -> Text,
        child_abuse -> Bool,
        good_faith -> Bool,
        body_html -> Text,
        created_at -> BigInt,
        status -> SmallInt,
        decided_at -> Nullable<BigInt>,
        decision_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    comment_terms (comment_id) {
        comment_id -> BigInt,
        terms -> Text,
        text_key -> BigInt,
    }
}

diesel::table! {
    author_holds (id) {
        id -> BigInt,
        comment_id -> BigInt,
        author_id -> Nullable<BigInt>,
        email_key -> Text,
        network -> Nullable<Binary>,
        reason -> Text,
        moderator_id -> BigInt,
        created_at -> BigInt,
        until -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    comment_networks (comment_id) {
        comment_id -> BigInt,
        shortened -> Text,
    }
}

diesel::joinable!(comments -> articles (article_id));
diesel::joinable!(sessions -> moderators (moderator_id));
diesel::joinable!(article_aliases -> articles (article_id));

diesel::allow_tables_to_appear_in_same_query!(
    articles,
    article_aliases,
    authors,
    moderators,
    sessions,
    login_failures,
    rules,
    comments,
    decisions,
    outbox,
    audit_entries,
    audit_texts,
    secrets,
    settings,
    author_devices,
    revisions,
    appeals,
    reports,
    comment_terms,
    claims,
    bulks,
    staff_notes,
    saved_replies,
    author_holds,
    policies,
    policy_entries,
    audit_seals,
    audit_unsealed,
    recovery_codes,
    sign_in_steps,
    comment_networks,
);
