"""How good it is: retrieval, grounding, refusal, performance. Imports rag and index."""
