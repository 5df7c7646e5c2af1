# What stands around every page.

# Between groups of three digits: 1,204.
number-separator = ,
skip-main = Skip to the main text
skip-work = Skip to the work
page-title = { $page } · { $site }
page-title-error = Error: { $page } · { $site }
site-nav = Site
latest = Latest
house-rules = House rules
sign-in = Sign in
kept-by = { $site }. Discussion kept by Rejoinder
times-in = Times are in { $zone }.
error-mark = Error:
newer = Newer
older = Older
first = First
last = Last
