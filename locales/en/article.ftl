# The front page, an article and its discussion.

latest-articles = Latest articles
nothing-published = Nothing is published yet.
how-to-seed = An administrator adds articles with { $command }.
article-pages = Pages of articles
byline = By { $author }, { $time }
updated = Updated { $time }
comment-count =
    { $n ->
        [0] No comments yet
        [one] { $count } comment
       *[other] { $count } comments
    }
view-count =
    { $n ->
        [0] no views yet
        [one] { $count } view
       *[other] { $count } views
    }
discussion = Discussion
nobody-replied = Nobody has replied yet.
# Comments that were published since the page was loaded.
new-comments =
    { $n ->
        [one] Show { $count } new comment
       *[other] Show { $count } new comments
    }
comment-pages = Pages of comments
moderator = Moderator
reply = Reply
reply-to = to { $name }
continue-thread =
    { $n ->
        [one] Continue this thread ({ $count } more reply)
       *[other] Continue this thread ({ $count } more replies)
    }
show-more =
    { $n ->
       *[other] Show { $count } more
    }
show-more-context = in reply to { $name }

comments-on = Comments on { $article }
sort-comments = Sort comments
sort-oldest = Oldest
sort-newest = Newest
sort-most-replied = Most replied

# A branch on a page of its own.
replies-to = Replies to { $name }
replies-to-gone = Replies to a comment that was removed
branch-from = From
whole-discussion = Whole discussion

# Tombstones. $rule is the linked words of rule-number, $reason a rule's title.
gone-label = Removed comment
gone-reading-label = Comment being read again
gone-withdrawn-label = Withdrawn comment
gone-for-rule = Removed by a moderator on { $date }. Reason: { $reason } ({ $rule }).
gone-on-date = Removed by a moderator on { $date }.
gone-as-spam = Removed by a moderator on { $date }: spam.
gone-undated = Removed by a moderator.
gone-reading = Being read again by a moderator.
gone-withdrawn = Withdrawn by its author.
rule-number = rule { $number }
