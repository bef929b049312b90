"""What is measured of one answered question, each a value with its name in the literature."""
