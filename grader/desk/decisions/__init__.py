"""What an instructor decides in a term's hard days; what is decided stands in `decisions.csv`."""
