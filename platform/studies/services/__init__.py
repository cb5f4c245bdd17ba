"""What may change about studies."""
