"""A pod's status: how it is made from the runtime's, and how it reaches the API."""
