"""Mail: sending it, fetching it, and taking it apart."""
