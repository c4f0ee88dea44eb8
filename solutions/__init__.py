"""Secret: reference cells, hidden tests, catalogues of mistakes and rubrics. Nothing here enters a release."""
