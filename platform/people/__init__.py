"""People: centres, accounts, raters, sign-in and tokens."""
