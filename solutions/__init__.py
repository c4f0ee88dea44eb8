"""Secret: reference cells, keys, catalogues of mistakes and rubrics. Nothing here enters a release."""
