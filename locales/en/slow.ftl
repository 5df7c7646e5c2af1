# A form that did not arrive in time.

slow-form = This form did not arrive in time
slow-form-text = The connection was too slow, and the form broke off. Nothing was saved. Go back one page: your browser will most likely still hold what you typed.
