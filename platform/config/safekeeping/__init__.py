"""Backup, restore, and the move to another database server: every row and every file, checked on the way."""
