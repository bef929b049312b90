"""Who may come in: users, keys, sessions and proxies go in, the caller of each request comes out."""
