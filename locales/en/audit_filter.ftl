# The filters of the audit log, and its files.

log-who = Who
log-everyone = Everyone
log-authors = Authors of comments
log-what = What
log-every-act = Every action
log-comment = Comment number
log-from = From
log-to = To
log-filter = Filter
log-clear = Show all entries
log-comment-wrong = Enter a comment’s number in digits
log-day-wrong = Enter a day like 2026-05-12
log-not-filtered = The entries are not filtered
log-none = No entry is like that.
log-cut = The entries of this time were looked through up to here. There may be more further on.
log-csv = Download these entries (CSV)
log-json = Download these entries (JSON lines)
log-most = At most 100,000 entries, the newest ones.

log-approved = Approved
log-rejected = Rejected
log-spam = Spam
log-edits = Edits
log-reports = Answers to reports
log-appeals = Appeals
log-undone = Undone
log-withdrawn = Withdrawn by authors
log-replied = Replies of moderators
log-holds = Authors held or trusted
log-articles = Articles
log-saved-replies = Saved replies
log-policy = Policy
log-rules = House rules
log-signing-in = Signing in and out
log-people = Accounts
log-erased = Erased texts
