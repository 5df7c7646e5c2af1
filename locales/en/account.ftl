# Signing in and out.

sign-in-for = For moderators and editors of { $site }. Readers need no account.
label-password = Password
lost-password = Lost your password? An administrator can issue a new one with { $command }.
not-signed-in = You are not signed in
sign-in-mismatch = The name or password does not match.
sign-in-too-many = Too many attempts in a short time. You can try again in { $wait }.
sign-in-busy = The server is busy. Try again in a moment.
sign-in-midway = Sign in to continue. Your decision has not been made yet.
sign-out = Sign out
