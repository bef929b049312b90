"""The views beside the conversation: a document, the library, the statements. A request goes in, whole HTML comes out.

routes      which address gives which view
document    one document with the quoted words marked, on its page too, and how it was understood
library     what the store holds, searched; adding and removing for administrators
statement   what the operator says about privacy and accessibility
"""
