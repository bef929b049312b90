"""The same store, kept in Milvus: for collections or users that outgrow one machine. See its README.

address    which server, which collections
server     the door to pymilvus: queries, batches, retries
tables     the collections and their fields
weights    passages and questions as sparse vectors of BM25's weights
packed     a document as rows
counts     how many passages hold a term, how many documents a name
state      which generation is switched on, and whose turn it is to write
rows       one generation's rows, read and remembered
store, contents, snapshot, legs    opening a store, reading and searching one generation
write      the writer, of which there may be several
claims     several machines that index the same files
"""

from index.milvus.address import MilvusAddress

__all__ = ["MilvusAddress"]
