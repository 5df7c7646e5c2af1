# The house rules: edited on the desk, and their earlier versions.

house-lead = Readers see them under House rules, and a rejection names the rule that it rests on. What was decided under a rule keeps its words, however they change.
house-saved = The rules are saved and in force.
house-not-saved = The rules were not saved
house-rule = Rule { $number }
house-rule-new = Add a rule
house-number = Number
house-title = Title
house-text = The rule, in a sentence
house-illegal = This is the rule for what the law forbids. It can be reworded and not removed.
house-remove = Remove rule { $number }
house-save = Save the rules
house-number-wrong = Enter a number from 1 to 99
house-number-twice = Another rule has the number { $number }
house-title-wrong = Enter a title of at most 80 characters
house-text-wrong = Enter a sentence of at most 500 characters
house-too-many = There can be 20 rules at most: remove one first
house-stale = Somebody changed the rules while you did, so nothing was saved. The form has the rules that are in force now; this is what you typed:
house-stale-removed = (to be removed)
house-see-earlier = What readers see, and earlier rules

rules-earlier = Earlier versions
rules-version-first = Until { $until }
rules-version = From { $since } to { $until }
rules-since = In force since { $since }.
rules-was-first = These rules were in force until { $until }.
rules-was = These rules were in force from { $since } to { $until }.
rules-now = The rules in force now
