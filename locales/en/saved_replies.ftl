# Saved replies.

saved-lead = What you often write to authors when you reject. In the menu of a rejection one can be chosen; it is sent before what you write yourself, and changing it here changes nothing that was sent.
saved-new = A new one
saved-title = Title
saved-text = Text to the author
saved-add = Save
saved-change = Save the change
saved-remove = Remove
saved-added = It is saved.
saved-changed = The change is saved.
saved-removed = It is removed.
saved-not-saved = It was not saved
saved-title-wrong = Enter a title of at most 80 characters
saved-text-wrong = Enter a text of at most 1,000 characters
saved-full = There are 50 saved replies already. Remove one first.
