"""The command line: what an administrator types, in French."""
