# The audit log: one sentence for each act.

audit-lead = Every decision, by whom and why. Entries cannot be edited or deleted; an undo is an entry of its own.
audit-pages = Pages of the audit log
audit-empty = There are no entries here.
# Hidden beside Undo: which of the entries.
audit-the-entry = the entry at { $clock }
audit-undone-by = undone by { $who }, { $when }
audit-in-bulk = as part of a bulk decision
audit-undo-bulk = Undo the whole bulk
audit-moderator-gone = A moderator
audit-command-line = Command line
audit-its-author = Its author
audit-unknown-who = Somebody
audit-comment = comment { $number }
# $comment is the phrase above.
audit-comment-by = { $comment } by { $name }
audit-subject = { $comment } on { $article }
audit-no-name = (name no longer kept)

audit-signed-in = { $who } signed in
audit-signed-out = { $who } signed out
audit-approved = { $who } approved { $subject }
audit-rejected = { $who } rejected { $subject }
audit-rejected-ground = { $who } rejected { $subject }: { $ground }
audit-spam = { $who } marked { $subject } as spam
audit-edit-accepted = { $who } accepted an edit of { $subject }
audit-edit-refused = { $who } refused an edit of { $subject }
audit-edit-refused-ground = { $who } refused an edit of { $subject }: { $ground }
audit-reports-kept = { $who } found nothing wrong with { $subject }
audit-appeal-reversed = { $who } granted the appeal on { $subject } and published it
audit-appeal-upheld = { $who } upheld the decision on { $subject } against the appeal
audit-withdrawn = { $who } withdrew { $subject }
audit-undone = { $who } undid a decision on { $subject }
# $what is one of the phrases below, $other a moderator.
audit-undone-of = { $who } undid the { $what } by { $other } on { $subject }
audit-what-approval = approval
audit-what-rejection = rejection
audit-what-spam = spam verdict
audit-what-return = return to the queue
audit-what-edit-accepted = acceptance of an edit
audit-what-edit-refused = refusal of an edit
audit-what-reports = answer to reports
audit-what-appeal = answer to an appeal

audit-author = author { $number }
audit-author-held = { $who } held the author of { $subject } until { $day }
audit-author-released = { $who } ended the hold on { $author }
audit-author-of-released = { $who } ended the hold on the author of { $subject }
audit-author-trusted = { $who } trusted { $author }
audit-author-untrusted = { $who } took the trust in { $author } back
audit-saved-reply-added = { $who } added the saved reply { $name }
audit-saved-reply-changed = { $who } changed the saved reply { $name }
audit-saved-reply-removed = { $who } removed the saved reply { $name }
audit-policy-changed = { $who } changed the policy: { $changes }
audit-set = { $setting }, was { $was }, now { $now }
audit-set-hold = replies that wait
audit-set-links = links that a reply may have
audit-set-fast = seconds between two replies from one network
audit-set-duplicates = holds of texts sent to another article
audit-set-new-author-link = holds of links by new authors
audit-set-trust = trusted authors published at once
audit-on = on
audit-off = off
audit-mode-all = all
audit-mode-first = first replies
audit-mode-none = none
audit-list-entry-added = { $who } added { $name } to the lists of the policy
audit-list-entry-removed = { $who } removed { $name } from the lists of the policy

audit-moderator-added = { $who } added the account { $name }
audit-password-set = { $who } set the password of { $name }
audit-moderator-disabled = { $who } disabled the account { $name }
audit-moderator-enabled = { $who } enabled the account { $name }
audit-article-added = { $who } added the article { $article }
audit-article-updated = { $who } updated the article { $article }
audit-article-opened = { $who } opened { $article } for replies
audit-article-closed = { $who } closed { $article } for replies
audit-article-removed = { $who } removed the article { $article }

audit-replied = { $who } replied on the discussion: { $subject }
audit-byline-tied = { $who } tied an account to a byline: { $name }
audit-byline-untied = { $who } untied an account from its byline: { $name }
# $mode is one of the phrases below.
audit-hold-mode = { $who } changed which replies to { $article } wait: { $mode }
audit-hold-all = every reply
audit-hold-first = first replies
audit-hold-none = none
audit-hold-site = as everywhere on the site

# An act that has no sentence here.
audit-other = { $who }: { $act }
audit-other-comment = { $who }: { $act }, { $subject }
audit-other-article = { $who }: { $act }, { $article }

# Accounts and signing in.
audit-signed-in-code = { $who } signed in with a code
audit-signed-in-recovery = { $who } signed in with a recovery code
audit-role-admin = { $who } made { $name } an admin
audit-role-moderator = { $who } made { $name } a moderator
audit-two-factor-reset = { $who } turned two-factor sign-in off for { $name }
audit-two-factor-on = { $who } turned two-factor sign-in on
audit-two-factor-off = { $who } turned two-factor sign-in off
audit-recovery-codes-made = { $who } made new recovery codes
# $left is the phrase below.
audit-recovery-code-used = { $who } used a recovery code; { $left }
audit-codes-left =
    { $n ->
        [0] none is left
        [one] { $count } is left
       *[other] { $count } are left
    }
audit-password-changed = { $who } changed their password
audit-session-ended = { $who } ended one of their sessions
audit-sessions-ended = { $who } signed out everywhere
# $count of the entries that are without them from then on.
audit-texts-erased = { $who } erased the names and notes that stood beside entries of this log: { $count }

# $name is the title of the rule.
audit-rule-added = { $who } added house rule { $number }: { $name }
audit-rule-changed = { $who } changed house rule { $number }: { $name }
audit-rule-removed = { $who } removed house rule { $number }: { $name }

audit-erased = { $who } erased what one person had written, on request (comments: { $comments }, reports: { $reports })
