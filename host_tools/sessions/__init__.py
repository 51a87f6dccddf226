"""What is in a fetched session, and what it comes to."""
