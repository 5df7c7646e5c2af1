# The desk: lists of comments, decisions, keys.

desk-nav = Desk
tab-waiting = Waiting
tab-reported = Reported
tab-appeals = Appeals
tab-published = Published
tab-rejected = Rejected
tab-spam = Spam
tab-all = All comments
nav-articles = Articles
nav-audit = Audit log
nav-saved-replies = Saved replies
nav-today = Today
nav-policy = Policy
nav-rules = House rules
nav-people = People
nav-account = Your account
queue = Queue
# At most as many as are counted exactly.
count-over = { $count }+
oldest-waited = Oldest has waited { $span }.
queue-pages = Pages of the queue
queue-clear = Queue clear
none-waiting = No comment is waiting.
none-reported = No comment has a report that waits for an answer.
none-appeals = No appeal is waiting.
none-published = No comment is published.
none-rejected = No comment is rejected.
none-spam = No comment is in spam.
none-all = Nobody has commented yet.

answers = Answers { $name }: { $excerpt } on { $article }
on-article = On { $article }
badge-published = Published
badge-rejected = Rejected
badge-spam = Spam
badge-withdrawn = Withdrawn

why-here = Why it is here
no-score = No score
hold-every-reply = every reply is read first
hold-first-reply = first replies are always read
hold-links =
    { $n ->
        [one] contains { $count } link; the limit is { $limit }
       *[other] contains { $count } links; the limit is { $limit }
    }
hold-hidden-field = filled in a field that people cannot see
hold-staff-name = the name is like that of { $name }, a moderator
hold-thread-name = the name is like that of another author in this thread
author = Author
# $n and $count are the comments marked as spam; $approved and $rejected are the phrases below, $day is a day.
author-record =
    { $n ->
        [0] Recognised: { $approved }, { $rejected }, first seen { $day }
       *[other] Recognised: { $approved }, { $rejected }, { $count } marked as spam, first seen { $day }
    }
author-approved =
    { $n ->
       *[other] { $count } approved
    }
author-rejected =
    { $n ->
       *[other] { $count } rejected
    }
author-same-email =
    { $n ->
        [0] Same e-mail as an author without an approved comment, unconfirmed
        [one] Same e-mail as an author with { $count } approved comment, unconfirmed
       *[other] Same e-mail as an author with { $count } approved comments, unconfirmed
    }
author-new = Not recognised: no record here
open-reports =
    { $n ->
        [one] { $count } open report
       *[other] { $count } open reports
    }
reports-on-ground = { $ground }: { $count }
more-reports =
    { $n ->
        [one] { $count } of them is not shown
       *[other] { $count } of them are not shown
    }
report-child-abuse-mark = sexual abuse of a child
report-contact-given = contact given
report-no-contact = no contact given
report-as-reported = The text as it was reported
see-reports = What they say
latest-decision = Latest decision
note-sent = Note to the author

# Who did what, and when: $who is a name or hold-policy, $when is at-clock or on-moment.
hold-policy = Policy
decision-approved = { $who } approved this { $when }
decision-rejected = { $who } rejected this { $when }: { $ground }
decision-rejected-plain = { $who } rejected this { $when }
decision-spam = { $who } marked this as spam { $when }
decision-returned = { $who } put this back in the queue { $when }
decision-edit-accepted = { $who } accepted an edit of this { $when }
decision-edit-refused = { $who } refused an edit of this { $when }
decision-reports-kept = { $who } found nothing wrong with this { $when }
decision-upheld = { $who } upheld the decision on this { $when }
decision-reopened = { $who } took a decision on this back { $when }
decision-withdrawn = Its author withdrew this { $when }
ground-rule = { $title } (rule { $number })
ground-number = rule { $number }
ground-spam = spam

nothing-wrong = Nothing wrong
answer-reports = Answer
answer-reporters-label = Answer to the reporters
keep-and-answer = Keep it and answer
approve = Approve
reject = Reject
spam = Spam
done-approved = Approved
done-rejected = Rejected
done-spam = Marked as spam
done-edit-accepted = Edit accepted
done-edit-refused = Edit refused
done-kept = Nothing wrong
done-upheld = Decision upheld
done-back = Back in the queue
done-name = { $done }: { $name }.
undone-back = Undone: { $name } is back in the queue.
undone = Undone: { $name }.
undo = Undo
which-rule = Which rule does it break?
note-label = Note to the author
reject-and-say = Reject and say why

already-decided = Already decided
nothing-changed = { $decision }. Nothing was changed.
changed-meanwhile = This comment changed while you were reading it. Nothing was changed.
your-reason = Your reason: { $ground }
keep-it = Keep it
change-to-approved = Change it to Approved
change-to-rejected = Change it to Rejected
change-to-spam = Change it to Spam

keyboard = Keyboard
key-move = move
key-approve = approve
key-reject = reject
key-spam = spam
key-undo = undo
keys-all = all keys
keys-move = next, previous comment
keys-approve = approve
keys-then = then
keys-reject = reject, under that rule; Enter confirms
keys-spam = mark as spam
keys-undo = undo the last decision
keys-open = open in the article
keys-list = this list
keys-use = Use single-key shortcuts
close = Close

# A published comment with an edit that waits, and an appeal.
badge-edited = Edited
edit-age = Edit sent { $age }
edit-changes = What the edit changes
edit-as-read = As readers would see it
accept-edit = Accept the edit
refuse-edit = Refuse the edit
deleted = deleted:
inserted = inserted:
appeals = Appeal
appeal-of = Sent { $age }, against the decision of { $name }
appeal-of-policy = Sent { $age }
appeal-own = You made this decision. A colleague answers the appeal; you can still approve the comment.
appeal-own-alone = You made this decision, and there is no other moderator to read the appeal. Its author is told so.
answer-label = Answer to the author
uphold = Uphold the decision
answer-appeal = Answer
