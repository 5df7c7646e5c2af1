# The house rules.

rules-lead = When a reply is rejected we say which of these it broke.
who-decides = Who decides
who-decides-text = A moderator reads what waits and decides. Software puts the queue in order. What a list of this site names it may treat as spam or not take at all; the transparency report says how often it decided alone.
if-you-disagree = If you disagree
if-you-disagree-text = The private page that you got when you posted says what was decided and why, in the moderator’s own words where there are any. From there you can appeal, once, until the day that it names.
