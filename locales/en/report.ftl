# Reporting a comment, and the private page where its reporter follows the report.

report = Report
report-of = comment by { $name }
report-title = Report a comment
report-lead = A moderator reads every report. The author of the comment is not told who sent it.
said-at = { $name }, { $time }
# $rule is the title of the rule on illegal content, in the middle of a sentence.
label-explanation = Anything a moderator should know
optional-explanation = (optional; for { $rule }, why it is illegal)
label-your-name = Your name
optional-needed = (optional; needed for { $rule })
optional-unpublished-needed = (optional, never published; needed for { $rule })
report-illegal = For { $rule }
report-exact-address = Exact address of the comment: { $address }
report-child-abuse = It concerns sexual abuse of a child. Then your name and email are not needed.
report-good-faith = I believe in good faith that what I say in this report is accurate and complete.
send-report = Send report
back-to-comment = Back to the comment
report-not-sent = Your report was not sent

problem-edited = The comment was edited while you wrote: read it again, then send
problem-ground = Choose one rule that it breaks
problem-explanation-missing = Enter why it is illegal
problem-explanation-long = The explanation is longer than { $limit } characters
problem-explanation-not-text = Enter the explanation again: some of it was not readable text
problem-explanation-control = Enter the explanation without control characters
problem-explanation-twice = Enter one explanation: the form sent two
problem-your-name-missing = Enter your name
problem-child-abuse = Tick the box about abuse of a child once: the form sent it twice
problem-good-faith = Confirm that you report in good faith
problem-hidden-field = Send it once more: something filled in a field that people cannot see

# Reports that are not taken.
report-not-public = This comment is not public
report-not-public-text = Nobody can read it here any more, so there is nothing to report. Your report was not sent.
report-waiting = A report from your connection is waiting
report-waiting-text = Somebody on your connection has reported this comment already, and a moderator is going to read it. This one was not sent.
report-answered = A report from your connection has been answered
report-answered-text = Somebody on your connection has reported this comment already, and a moderator has decided about it. This one was not sent.
report-first-receipt = The private page of that report, which its reporter got, says more. On a shared network it may be somebody else’s.
your-explanation = Your explanation

# The receipt. $date is a moment.
report-open = Your report was received
report-removed = The comment was removed
report-kept = The comment stays
report-withdrawn = The comment was withdrawn
report-private = This page is private. Keep its address: it is the only way to follow your report.
report-reading = Waiting for a moderator
report-reading-text = A person reads it next, together with other reports of this comment.
report-removed-text = A moderator removed it after reading the reports.
report-removed-since = It has been published again since.
report-kept-text = A moderator read the reports and found that it breaks no rule.
report-kept-before-text = A moderator had read this text for the same reason before, and found that it breaks no rule.
report-kept-since = It is not public any more.
report-withdrawn-text = Its author withdrew it before a moderator decided.
report-what = What you reported
report-reason = Reason
report-explanation = What you added
report-answer = The moderator’s answer
report-text-gone = Its author withdrew it; the text is gone.
report-disagree = Write to the editors and quote the reference, or the address of this page. In the European Union you can also turn to a certified out-of-court dispute settlement body, and to the courts.
