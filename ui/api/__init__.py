"""The desk for other programs: requests go in, JSON, events or figures come out. Knows no screen."""
