"""Reports: freeze what is compared, compute it, draw it, write it down."""
