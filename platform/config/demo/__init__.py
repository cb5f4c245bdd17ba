"""The demo: synthetic heads, simulated raters and a running study, so that every page has something true to show."""
