# Working through the desk's lists: filters, search, claims, bulks, authors.

search-label = Search comments and names
filter-article = Article
all-articles = All articles
any-reason = Any reason
filter-age = Came in
any-age = Any time
age-last-hour = In the last hour
age-last-day = In the last day
age-last-week = In the last week
age-over-hour = Over an hour ago
age-over-day = Over a day ago
age-over-week = Over a week ago
filter-status = Status
any-status = Any status
filter-order = Order
order-oldest = Oldest first
order-newest = Newest first
order-risk = By risk
filter = Filter
remove = Remove
clear-filters = Show the whole list
only-author = By { $name }
only-network = From network { $code }
only-same = The same text
only-mine = Held for you
why-every-reply = Every reply is read
why-first-reply = First reply
why-links = Links
why-hidden-field = Hidden field filled in
why-staff-name = Name of a moderator
why-thread-name = Name of another author
why-author-hold = Author on hold
why-edited = Edited
why-reported = Reported
no-match = No comment matches “{ $words }” in this list.
no-match-filter = No comment in this list matches.
search-everywhere = Search all comments
cut = This is what was found so far: some thousands of comments were looked through. Look further for more.
look-further = Look further
higher-risk = Higher risk
lower-risk = Lower risk

today-decisions =
    { $n ->
        [one] One comment was decided today.
        [1001] More than 1,000 comments were decided today.
       *[other] { $count } comments were decided today.
    }
today-latest = { $name } made the last decision, { $when }.
elsewhere-reported =
    { $n ->
        [one] One reported comment waits for an answer.
       *[other] { $count } reported comments wait for an answer.
    }
elsewhere-appeals =
    { $n ->
        [one] One appeal waits for an answer.
       *[other] { $count } appeals wait for an answer.
    }
looks-every-minute = This page looks for new comments every minute.
look-now = Look now

skip = Skip
more = More
claim = Hold it for me
release = Give it back
take-over = Take over
claimed-by = { $name } is reviewing this, since { $since }
claimed-by-you = You hold this, since { $since }
take-ten = Take 10
see-mine = Held for you
approve-and-trust = Approve, and trust this author from now on
hold-author-link = Hold this author until a date
reply-as-moderator = Reply as moderator
open-in-article = Open in the article
all-by-author = All by this author
same-text = The same text
note-for-colleagues = Note for colleagues
save-note = Save note
notes = Notes of colleagues
note-by = { $name }, { $day }
network = Network
saved-reply = Saved reply
saved-reply-none = None
outcomes = Latest outcomes: { $outcomes }
outcome-approved = Approved
outcome-rejected = Rejected
outcome-spam = Spam
outcome-pending = Waiting
outcome-withdrawn = Withdrawn

# By what a reply was found to be by somebody who is held.
held-by-device = recognised
held-by-email = same e-mail
held-by-network = same network
hold-author = { $name } holds this author until { $day } ({ $by }): { $reason }
record = earlier reports from there: { $removed } led to a removal, { $kept } did not

with-selected = Decide on several comments
with-everything = All that match, up to 500
select-all = Select all
picked-count = selected
select-comment = Select the comment by { $name }
bulk-ground = Reason for rejecting
reject-because = Reject because…

# $done and $changed are the phrases below.
bulk-all = { $done }.
bulk-some = { $done }, { $changed }.
bulk-done =
    { $n ->
       *[other] { $count } done
    }
bulk-undone =
    { $n ->
       *[other] { $count } undone
    }
bulk-changed =
    { $n ->
       *[other] { $count } changed meanwhile
    }
said-taken =
    { $n ->
        [0] There is nothing left to take.
        [one] { $count } comment is held for you.
       *[other] { $count } comments are held for you.
    }
said-claimed = It is held for you.
said-not-claimed = A colleague is looking at it. You can take it over.
said-released = It is free for everybody.
said-noted = The note is saved.
said-trusted = This author is trusted from now on.
said-untrusted = This author is not trusted any more.
said-held = Replies of this author wait until { $day }.
said-hold-ended = Replies of this author do not wait any more.
said-nothing-picked = No comment was selected. Nothing was changed.
said-no-ground = No reason for rejecting was chosen. Nothing was changed.
key-select = select
keys-select = select for a bulk decision
keys-search = search

# Before a bulk.
bulk-title-approve =
    { $n ->
        [0] There is nothing to approve in this list
        [one] Approve { $count } comment
       *[other] Approve { $count } comments
    }
bulk-title-reject =
    { $n ->
        [0] There is nothing to reject in this list
        [one] Reject { $count } comment
       *[other] Reject { $count } comments
    }
bulk-title-spam =
    { $n ->
        [0] There is nothing to mark as spam in this list
        [one] Mark { $count } comment as spam
       *[other] Mark { $count } comments as spam
    }
bulk-title-keep =
    { $n ->
        [0] No comment in this list has an open report
        [one] Find nothing wrong with { $count } comment
       *[other] Find nothing wrong with { $count } comments
    }
bulk-do-approve =
    { $n ->
        [one] Approve it
       *[other] Approve all { $count }
    }
bulk-do-reject =
    { $n ->
        [one] Reject it
       *[other] Reject all { $count }
    }
bulk-do-spam =
    { $n ->
        [one] Mark it as spam
       *[other] Mark all { $count } as spam
    }
bulk-do-keep =
    { $n ->
        [one] Keep it
       *[other] Keep all { $count }
    }
bulk-articles =
    { $n ->
        [one] They stand on one article. Each is decided as it is now; what changes in the meantime is left alone.
       *[other] They stand on { $count } articles. Each is decided as it is now; what changes in the meantime is left alone.
    }
bulk-reason = Their authors are told the reason: { $ground }.
bulk-claimed =
    { $n ->
        [one] A colleague is looking at one of them.
       *[other] Colleagues are looking at { $count } of them.
    }
bulk-same =
    { $n ->
        [one] One further comment in the list would not change.
       *[other] { $count } further comments in the list would not change.
    }
bulk-more = The list goes on: these are the first { $count }.
bulk-back = Back to the list

# Why a published comment waits.
hold-edited = changed after it was published

# By the script, when the server does not answer.
decision-not-sent = Not sent: the server does not answer. Nothing was changed.
