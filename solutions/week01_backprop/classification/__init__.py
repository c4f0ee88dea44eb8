"""The practical on classification: reference, keys, catalogue of mistakes."""
