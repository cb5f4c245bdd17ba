"""What every room stands on: errors, API base, content-addressed storage, checks."""
