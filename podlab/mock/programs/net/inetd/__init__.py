"""inetd: listens for many services, and starts each when somebody asks for it."""
