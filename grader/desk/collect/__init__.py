"""From downloads, e-mails and repositories to `submitted/`, and what lies there."""
