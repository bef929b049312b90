"""What official sources publish comes in, whole files with their origin beside them lie in `documents/`."""
