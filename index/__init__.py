"""The index: one SQLite catalog that is the truth, a FAISS and a Tantivy view of it, and the encoder."""
