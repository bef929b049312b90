"""What an evaluation found, as a value, as a table, as JSON, as a page, and held against another or a threshold."""
