# An author on the desk.

back-to-queue = Back to the queue
author-unnamed = An author without a name
author-unrecognised = Not recognised: what stands here is about one comment alone. Only who asks to be remembered when posting is recognised, and can be trusted.
badge-held = Read before publishing
badge-trusted = Trusted
figure-approved = approved
figure-rejected = rejected
figure-spam = marked as spam
figure-waiting = waiting
figure-reports = reports received
first-seen = First seen
email-of-author = E-mail
email-unconfirmed = { $email }, unconfirmed
network-shared =
    { $n ->
        [0] { $code }, shared with nobody else
        [one] { $code }, shared with { $count } other comment
        [1001] { $code }, shared with more than 1,000 other comments
       *[other] { $code }, shared with { $count } other comments
    }
appeals-sent =
    { $n ->
       *[other] { $count } sent, { $reversed } granted
    }
trust-and-hold = Trust and hold
trusted-by = Trusted by { $name } since { $day }: replies are published at once, unless their name or the hidden field speaks against it.
held-since = On hold by { $name } since { $day }, until { $until }.
told-held = On the receipt of each reply that it holds the author reads: “{ $sentence }” The reason stays among colleagues. Who is matched by e-mail or network alone is told nothing.
told-trusted = The author is told nothing of it.
told-nothing = The author is told nothing of notes. A hold is said on the receipts of replies that it holds, without its reason.
receipt-held = A moderator reads your replies before they are published, until { $day }.
trust = Trust: publish at once
untrust = Trust no longer
end-hold = End the hold
hold-until = Hold until
hold-reason = Reason, for colleagues
hold-matches = Replies are held that come from the same device, with the same e-mail, or from the same network as the latest comment. A hold ends trust.
hold-this-author = Hold this author
hold-not-made = The hold was not made
until-wrong = Enter a day after today, within five years
reason-wrong = Enter a reason of at most 200 characters
add-note = Add a note
comments = Comments
filter-comments = Filter comments
author-all = All
author-no-comments = No comment.
author-pages = Pages of comments
open-on-desk = Open on the desk
