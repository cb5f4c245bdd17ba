"""Settings: `base` holds everything, the others say what differs. Nothing else reads the environment."""
