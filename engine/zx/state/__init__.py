"""What zx remembers between runs: links as reviewed text in git, intents in a journal outside it."""
