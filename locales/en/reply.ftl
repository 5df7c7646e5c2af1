# The form under an article, and what can be wrong with a reply.

leave-a-reply = Leave a Reply
before-you-post = Before you post
who-reads = Replies that wait are read by a person.
replying-to = Replying to { $name }
reply-to-article = Reply to the article instead
label-name = Name
label-email = Email
label-website = Website
label-comment = Comment
optional = (optional)
optional-unpublished = (optional, not published)
markdown-hint = Markdown works: { $emphasis }, { $strong }, { $quote }, { $link }.
label-remember = Remember me on this device
remember-hint = Keeps a cookie for 400 days, read only when you post. Moderators then see which of your replies were approved.
leave-empty = Leave this field empty
post-reply = Post reply
preview = Preview
preview-title = Preview, not sent yet
characters-left = Characters left: { $left }
draft-saved = Draft saved on this device.
draft-restored = Draft restored from this device.
replies-closed = The editors closed replies.
replies-closed-by-editors = The editors closed replies on { $date }.
replies-closed-by-time =
    { $n ->
        [one] Replies closed on { $date }, { $count } day after publication.
       *[other] Replies closed on { $date }, { $count } days after publication.
    }
not-sent = Your reply was not sent

# $field is name, email, website, body or remember.
problem-missing =
    { $field ->
        [name] Enter the name to publish with your reply
        [email] Enter an email address
        [website] Enter a web address
       *[body] Enter a comment
    }
problem-nothing-to-see =
    { $field ->
        [name] Enter a name that can be seen
        [email] Enter an email address that can be seen
        [website] Enter a web address that can be seen
       *[body] Enter a comment that can be seen
    }
problem-too-long =
    { $field ->
        [name] The name is longer than { $limit } characters
        [email] The email address is longer than { $limit } characters
        [website] The web address is longer than { $limit } characters
       *[body] The comment is longer than { $limit } characters
    }
problem-not-text =
    { $field ->
        [name] Enter the name again: some of it was not readable text
        [email] Enter the email address again: some of it was not readable text
        [website] Enter the web address again: some of it was not readable text
        [remember] Tick “Remember me on this device” again, or leave it empty
       *[body] Enter the comment again: some of it was not readable text
    }
problem-control =
    { $field ->
        [name] Enter the name without control characters or line breaks
        [email] Enter the email address without control characters or line breaks
        [website] Enter the web address without control characters or line breaks
       *[body] Enter the comment without control characters
    }
problem-twice =
    { $field ->
        [name] Enter one name: the form sent two
        [email] Enter one email address: the form sent two
        [website] Enter one web address: the form sent two
        [remember] Tick “Remember me on this device” once: the form sent it twice
       *[body] Enter one comment: the form sent two
    }
problem-not-email = Enter an email address in the form name@example.org
problem-not-website = Enter a web address that starts with http:// or https://
problem-parent = The comment you answer is no longer public: send again to reply to the article
