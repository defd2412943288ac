"""Make answers and requests from a contract alone."""
