"""Commands for the administrator."""
