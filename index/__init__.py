"""What is known: documents become passages that can be searched. Imports nothing of ours."""
