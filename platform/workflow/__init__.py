"""The life of a case, in one file: what is due next, and ask for it."""
