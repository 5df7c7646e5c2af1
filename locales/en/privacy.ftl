# What was let go when its time was over, and erasures.

# On the desk, where the text of a comment stood. $day is a date.
privacy-text-gone = The text was let go on { $day }, as the settings have it for comments that were not published.
privacy-nothing-to-publish = Its text was let go on { $day }, so there is nothing left that could be published.
privacy-name-gone = Name not kept
# On the receipt.
privacy-receipt =
    { $n ->
        [0] Its text, name and e-mail were let go on { $day }. Nobody can read it any more.
        [one] Its text, name and e-mail were let go on { $day }, one day after the decision. Nobody can read it any more.
       *[other] Its text, name and e-mail were let go on { $day }, { $count } days after the decision. Nobody can read it any more.
    }
privacy-appeal-gone = The text of this reply was let go, so it can no longer be published, and there is nothing to appeal for.
# $shortened is 203.0.113.0/24, $code tells apart networks that share it.
privacy-network = { $shortened } ({ $code })
