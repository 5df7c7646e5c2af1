# Why a comment is held, by the policy.
hold-listed-text = contains “{ $what }”; listed: “{ $entry }”
hold-listed-name = the name contains “{ $what }”; listed: “{ $entry }”
hold-listed-website = the website is at “{ $what }”; listed: “{ $entry }”
hold-listed-link = links to or names { $what }; listed: { $entry }
hold-listed-network = came from the listed network { $entry }
hold-listed-email = the email address is at the listed domain { $entry }
hold-listed-spam = { $found }, as spam
hold-listed-refuse = { $found }, to be refused
hold-duplicate =
    { $n ->
        [one] the same text was sent to another article
       *[other] the same text was sent to { $count } other articles
    }
hold-fast =
    { $n ->
        [one] sent { $count } second after another reply from the same network; the least is { $limit }
       *[other] sent { $count } seconds after another reply from the same network; the least is { $limit }
    }
hold-new-author-link = has a link, and its author no approved comment yet

# What a reader reads whose reply a list refuses.
problem-refused =
    { $field ->
        [name] This site takes no name with “{ $what }” in it
        [email] This site takes no email address at { $what }
        [website] This site takes no website with “{ $what }” in it
       *[body] This site takes no comment with “{ $what }” in it
    }
problem-refused-network = This site takes no replies from your network
