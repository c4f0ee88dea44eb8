"""The capstone: reference, keys and mistakes."""
