"""One file for each command: `add` describes it to the parser, `run` does it and returns the exit code."""
