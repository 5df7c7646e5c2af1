# The desk's list of articles, and replies by moderators.

articles = Articles
articles-none = There is no article yet.
# $section and $date, or $date alone.
articles-in-section = { $section }, { $date }
articles-replies = Replies
articles-open = Open
articles-open-until = Open until { $date }
articles-comments = Comments
articles-waiting = Waiting
articles-views = Views
# Said to screen readers after the number of waiting comments.
articles-waiting-on = waiting: { $article }
articles-hold = Which replies wait
articles-hold-site = As the site: { $mode }
articles-hold-all = every reply
articles-hold-first = first replies
articles-hold-none = only those with another reason
articles-hold-save = Save
articles-close = Close
articles-reopen = Open
articles-comment = Comment as moderator
# What was done.
articles-did-open = Open: { $article }.
articles-did-close = Closed: { $article }.
articles-did-hold-all = Every reply waits: { $article }.
articles-did-hold-first = First replies wait: { $article }.
articles-did-hold-none = Replies wait only for another reason: { $article }.
articles-did-hold-site = As the site: { $article }.

# Replies by moderators.
staff-reply-title = Reply as moderator
staff-comment-title = Comment as moderator
author-of-article = Author of this article
staff-said = { $name }, { $time }, on { $article }
staff-on = On { $article }
staff-voice = It is published at once, under your name { $name }, with the badge { $badge }.
staff-closed = The article takes no replies from readers. Yours is published all the same.
staff-approves = This comment waits. Replying to it approves it.
staff-post = Post reply
staff-post-comment = Post comment
staff-approve-and-post = Approve and reply
staff-not-public = This comment is not public, so nobody can reply to it.
staff-gone = This article was removed, so nobody can reply here.
staff-not-sent = Your reply was not published
staff-changed = The comment changed while you were writing. Your text is below, as you wrote it.
staff-changed-by = { $decision }. Your text is below, as you wrote it.
staff-stale = This form belongs to an earlier sign-in, so nothing was published. Your text is below: send it once more.
staff-signed-out = You are signed out
staff-signed-out-text = Sign in again, then reply once more. Nothing was published.
staff-back = Back to the comment
staff-back-queue = Back to the queue
staff-back-form = Back to the form
staff-back-articles = Back to the articles
