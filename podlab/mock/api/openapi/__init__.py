"""OpenAPI: the server's types and paths as documents, for ``kubectl explain``, ``kubectl apply`` and completion.

The documents are made from the schema of the built-in kinds and the definitions of custom ones. They hold what clients use:
schemas with descriptions and merge keys, and each path with its kind and parameters; not every response of every operation.
"""
