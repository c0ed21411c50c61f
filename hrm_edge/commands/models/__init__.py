"""The commands that keep models on this machine: pull, list, remove, convert."""
