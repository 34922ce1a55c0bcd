"""The registry: what is done with objects of each resource between a request and the store.

`base.Registry` holds what all rooms share; `creating`, `updating`, `deleting` are the common ways in and out of the store; a
`Strategy` says what a resource does beyond them (one module a family). Decoding, defaults and validation are
`podlab.mock.api.admission`.
"""
