"""Set-up and checks. Plain standard library: it runs before anything is installed."""
