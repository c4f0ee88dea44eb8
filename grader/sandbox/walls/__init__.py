"""What a sandbox is made of: bubblewrap, system calls, control groups, accounts, limits."""
