# Why a comment is held, by the policy.
hold-listed-text = contains “{ $what }”; listed: “{ $entry }”
hold-listed-name = the name contains “{ $what }”; listed: “{ $entry }”
hold-listed-website = the website is at “{ $what }”; listed: “{ $entry }”
hold-listed-link = links to or names { $what }; listed: { $entry }
hold-listed-network = came from a listed network
hold-listed-email = the email address is at the listed domain { $entry }
hold-listed-some-email = the email address is at a listed domain
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
hold-new-author-link = has a link, and its author has no approved comment yet

# What a reader reads whose reply a list refuses.
problem-refused =
    { $field ->
        [name] This site takes no name with “{ $what }” in it
        [email] This site takes no email address at { $what }
        [website] This site takes no website with “{ $what }” in it
       *[body] This site takes no comment with “{ $what }” in it
    }
problem-refused-network = This site takes no replies from your network

# The policy page.
policy-lead = What waits for a moderator, and why. A change is in force for the next reply; what waits already goes on waiting.
policy-saved = Saved. It is in force from the next reply on.
policy-meanwhile = Somebody else saved the policy while you were here. This is what you typed: save once more to put it in place of theirs.
policy-see-theirs = What they changed
policy-not-saved = Not saved
policy-not-tried = It was not tried
policy-holds = Holds
policy-hold = Which replies wait
policy-hold-all = All of them
policy-hold-first = First replies: unless the author is recognised and has an approved comment
policy-hold-none = None that has no other reason to wait
policy-given = Set outside the desk, by { $source }; it cannot be changed here.
policy-links = Links that a reply may have
policy-links-hint = One more, and it waits. 0 to 100.
policy-links-wrong = Enter the number of links, from 0 to 100
policy-fast = Seconds between two replies from one network
policy-fast-hint = What comes sooner waits. 0 to 3,600; 0 is off.
policy-fast-wrong = Enter the seconds, from 0 to 3,600
policy-duplicates = Hold a text that was sent to another article before
policy-new-author-link = Hold any link by an author without an approved comment
policy-trust = Publish what trusted authors send, unless somebody else may be writing in their name
policy-save = Save
policy-lists = Lists
policy-lists-lead = Words and phrases, link domains, networks and email domains, each with what happens to a reply that has it.
policy-entries =
    { $n ->
        [0] Add entries
        [one] See the { $count } entry
       *[other] See the { $count } entries
    }
policy-try = Try it
policy-try-lead = Paste a text to see what would become of it, and why; save changes above first. Nothing is stored. Left out are how soon it comes, authors on hold, names in a thread, and the mode of an article.
policy-try-text = Text
policy-try-more = Name, email, website, address
policy-try-name = Name
policy-try-email = Email
policy-try-website = Website
policy-try-address = IP address
policy-try-address-wrong = Enter an IP address, such as 203.0.113.7
policy-try-long = Enter a text of at most { $limit } characters
policy-try-author = Sent by
policy-try-new = somebody new
policy-try-known = a recognised author with an approved comment
policy-try-trusted = a trusted author
policy-try-it = Try it
policy-would-publish = It would be published at once
policy-would-hold = It would wait for a moderator
policy-would-spam = It would be treated as spam
policy-would-refuse = It would be refused

# Its lists.
policy-lists-title = Lists of the policy
policy-add-title = New entries
policy-not-added = Nothing was added
policy-kind = What they are
policy-kind-words = Words or phrases
policy-kind-domain = Domains that links lead to
policy-kind-network = Networks
policy-kind-email = Domains of email addresses
policy-patterns = Entries
policy-patterns-hint = One a line, up to 100. Words match whole, however they are spelled; casino* also finds casinos, *casino also onlinecasino. A domain has its subdomains with it. A network is an address or a range such as 203.0.113.0/24.
policy-action = What happens to a reply that has one
policy-action-hold = waits for a moderator
policy-action-spam = is treated as spam
policy-action-refuse = is refused
policy-scope = Where words and domains are looked for
policy-scope-hint = Domains are never looked for in names. Networks and email domains have a place of their own.
policy-in-text = text
policy-in-name = name
policy-in-website = website
policy-end = Until the end of
policy-preview = See what they would have done
policy-in-force = In the lists
policy-search = Search entries
policy-search-go = Search
policy-none = No entries yet.
policy-none-found = No entry has this in it.
policy-until = until { $day }
policy-ended = ended on { $day }
policy-by = added by { $name }, { $day }
policy-by-command = added by command, { $day }
policy-remove = Remove
policy-pages = Pages of the lists
policy-added = Added. They are in force from the next reply on.
policy-removed = Removed.
policy-gone = Somebody else removed it before you.
policy-lists-meanwhile = Somebody else changed the policy at the same moment. Send it once more.
policy-wrong-nothing = Enter at least one entry
policy-wrong-many = Enter at most 100 entries at a time
policy-wrong-scope = Choose at least one place to look in
policy-wrong-until = Enter a day that is not over yet
policy-wrong-full = The lists are full: 20,000 entries are the most
policy-wrong-empty = “{ $line }” has neither a letter nor a digit
policy-wrong-star = “{ $line }” has a * in the middle; it can stand at the beginning and at the end
policy-wrong-stem = “{ $line }” would be found everywhere: beside a * are at least { $least } letters
policy-wrong-domain = “{ $line }” is not a domain such as example.org
policy-wrong-network = “{ $line }” is not an address or a network such as 203.0.113.0/24
policy-wrong-every = “{ $line }” is the whole internet
policy-wrong-long = “{ $line }” is longer than { $most } characters
policy-wrong-known = “{ $line }” is in the lists already; remove it first to change it
policy-preview-title = What they would have done
policy-preview-what = { $kind }: a reply that has one of these { $action }.
policy-preview-matched =
    { $n ->
        [0] Of the last { $all } comments, none has one of them.
        [one] Of the last { $all } comments, { $count } has one of them.
       *[other] Of the last { $all } comments, { $count } have one of them.
    }
policy-preview-outcomes = Moderators published { $published } of these, and rejected or set aside as spam { $down }.
policy-preview-blind = Addresses are kept shortened and for a while only: what a narrower network would have done cannot be told.
policy-preview-named =
    { $n ->
        [one] The comment that has one of them
       *[other] The newest { $count } of them
    }
policy-preview-waits = Waits
policy-comment = Comment
policy-add = Add to the lists
policy-change = Change
policy-cancel = Cancel

# The filter of the queue.
why-listed = In the lists
why-duplicate-text = Text sent before
why-too-fast = Sent too fast
why-new-author-link = Link by somebody new

# A kind of entry, in a word.
policy-word-words = words
policy-word-domain = link
policy-word-network = network
policy-word-email = email
