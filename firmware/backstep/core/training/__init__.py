"""Programme, dose, days and the counts of a session; knows events only."""
