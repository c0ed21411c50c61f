"""Commands taught with what they did: sequences run in temporary repositories and directories."""
