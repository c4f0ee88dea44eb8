"""What a class is: the two course.toml files, the roster, the tables that spreadsheets exchange with us."""
