# The public report of moderation, and the desk's day.

transparency = Transparency
figures-month-year = { $month } { $year }
figures-month-short =
    { $n ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
figures-title-month = How this discussion was moderated in { $month }
figures-title-days = How this discussion was moderated from { $from } to { $to }
figures-running = These figures go on changing: the month is not over.
figures-lead-none = Readers sent no comments.
figures-lead =
    { $n ->
        [one] Readers sent one comment. We published { $published }, rejected { $rejected } and set aside { $spam } as spam.
       *[other] Readers sent { $count } comments. We published { $published } of them, rejected { $rejected } and set aside { $spam } as spam.
    }
figures-lead-withdrawn =
    { $n ->
        [one] One was withdrawn by its author.
       *[other] { $count } were withdrawn by their authors.
    }
figures-lead-waiting =
    { $n ->
        [one] One still waits.
       *[other] { $count } still wait.
    }
figures-lead-reversed =
    { $n ->
        [one] One decision was wrong and was put right on appeal.
       *[other] { $count } decisions were wrong and were put right on appeal.
    }
figures-median = median time to a decision
figures-ninetieth = nine of ten decided within
figures-quick = decided within 4 hours
figures-reversed-of = decisions reversed on appeal
figures-of = { $part } of { $whole }
figures-by-software = decided by software alone
figures-at-once = published at once
figures-percent = { $n }%
figures-none = none yet
figures-grounds = Why comments were not published
figures-grounds-none = No comment was rejected or treated as spam.
figures-grounds-caption =
    { $n ->
        [one] One comment that was not published, by ground.
       *[other] { $count } comments that were not published, by ground. One comment counts once.
    }
figures-ground = Reason
figures-ground-spam = Spam
figures-ground-other = No rule named
figures-comments = Comments
figures-share = Share of comments that were not published
figures-year = Twelve months
figures-year-key = Comments received each month, by what became of them:
figures-published = published
figures-refused = rejected or spam
figures-tallest =
    { $n ->
        [0] None was received in these months.
        [one] Most were received in { $month }: one.
       *[other] Most were received in { $month }: { $count }, of which { $refused } were not published.
    }
figures-as-table = The same figures as a table
figures-month = Month
figures-received = Received
figures-column-published = Published
figures-column-refused = Rejected or spam
figures-objections = Appeals and reports
figures-objections-caption = A different moderator decides an appeal, where there is one.
figures-appeals = Appeals received
figures-appeals-reversed = Decision reversed, comment published
figures-appeals-upheld = Decision stays
figures-appeals-withdrawn = Ended because the author withdrew the comment
figures-appeals-open = Not answered yet
figures-appeals-median = Median time to an answer
figures-reports = Reports from readers
figures-reports-removed = Reports that led to a removal
figures-reports-kept = Reports after which the comment stayed
figures-reports-withdrawn = Reports on comments that their authors withdrew
figures-reports-open = Reports not answered yet
figures-how = How it works
figures-how-people = Software sorts the queue by looking for links, repeated text and listed words. A person makes every decision, spam included.
figures-how-software =
    { $n ->
        [one] Software sorts the queue by looking for links, repeated text and listed words. It made one decision alone, by a list of this site; every other decision was made by a person.
       *[other] Software sorts the queue by looking for links, repeated text and listed words. It made { $count } decisions alone, by lists of this site; every other decision was made by a person.
    }
figures-how-at-once =
    { $n ->
        [one] One comment was published at once, because nothing held it.
       *[other] { $count } comments were published at once, because nothing held them.
    }
figures-counted = What is counted
figures-counted-comments = Comments are those that readers sent in this time, each counted once, as it stands now: published, rejected, spam, withdrawn by its author, or waiting. They count when their text is gone, too. A reason is the house rule as it was named when the decision was made.
figures-counted-decisions = Decisions are those made in this time that stand, on comments, edits, reports and appeals; what was undone is not counted. Decided by software alone is a decision without a moderator. Published at once is a comment that nothing held: nobody decided on it. A reply that a list of this site refuses is not taken, and not counted.
figures-counted-waits = The time to a decision is that from a comment’s arrival to the first decision on it by a moderator, made in this time. The median is the time within which half of them were made.
figures-counted-objections = Appeals and reports are those received in this time, as they stand now. The time to an answer is that from the appeal’s arrival.
figures-csv = Download these figures (CSV)
figures-json = The same as JSON
figures-all = All reports
figures-no-report = There is no report of that month
figures-no-report-text = Reports are kept by months, from the first comment to the current one.

today-waiting = waiting
today-oldest = the oldest came in
today-reported = reported
today-appeals = appeals open
today-received = received today
today-decided = decided today
today-median = median time to a decision today
today-nothing = –
today-pace = Pace
today-pace-none = No decision was made today.
today-pace-all =
    { $n ->
        [one] One decision was made today, { $hourly } an hour.
       *[other] { $count } decisions were made today, { $hourly } an hour.
    }
today-own =
    { $n ->
        [0] You made none.
        [one] You made one decision, { $hourly } an hour.
       *[other] You made { $count } decisions today, { $hourly } an hour.
    }
today-chart = Decisions by the hour of the day.
today-hour = Hour
today-column-all = Decisions
today-column-own = Yours
today-counted = Decisions of moderators that stand are counted; an hour counts when a decision was made in it. Nobody else sees yours.
