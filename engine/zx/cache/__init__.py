"""What was read last, on this machine only: disposable, private, never in git."""
