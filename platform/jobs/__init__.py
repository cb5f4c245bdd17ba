"""Background work: a Job row is the truth, the broker only carries its id."""
