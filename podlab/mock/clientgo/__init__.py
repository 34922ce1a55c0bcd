"""What client-go gives the components of a cluster: work queues, back-off, and the recorder of events."""
