"""The files that run beside student code; of the sandbox, these and `protocol` are all that is seen inside."""
