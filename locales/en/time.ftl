# Dates, times and ages.

month =
    { $n ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
# Hour and minute come with two digits.
clock = { $hour }:{ $minute }
day = { $day } { $month }
day-year = { $day } { $month } { $year }
# $day is one of the two phrases above.
moment = { $day }, { $clock }
at-clock = at { $clock }
on-moment = on { $moment }
age-now = just now
age-minutes =
    { $n ->
       *[other] { $count } min ago
    }
age-hours =
    { $n ->
       *[other] { $count } h ago
    }
age-days =
    { $n ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
span-minutes =
    { $n ->
        [0] less than a minute
        [one] { $count } minute
       *[other] { $count } minutes
    }
span-hours =
    { $n ->
        [one] { $count } hour
       *[other] { $count } hours
    }
span-days =
    { $n ->
        [one] { $count } day
       *[other] { $count } days
    }
span-seconds =
    { $n ->
        [one] { $count } second
       *[other] { $count } seconds
    }
