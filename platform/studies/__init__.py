"""Studies: which raters read which cases under which protocol, and what they answered."""
