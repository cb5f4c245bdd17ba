"""Who did what and when: written once, never changed."""
