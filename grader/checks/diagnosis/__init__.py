"""What is wrong with a result: its shape, its factor, what it equals instead."""
