"""How a question is answered: understand, retrieve, compose, verify. Imports only the index."""
