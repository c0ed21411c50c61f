"""The local index, made: which data goes in, and how examples get neighbours from it."""
