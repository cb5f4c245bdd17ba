"""Live agreement: one row of figures per case, made as readings come in, and merged when somebody looks."""
