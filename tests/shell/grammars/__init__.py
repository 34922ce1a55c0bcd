"""Commands that nobody wrote: one grammar a subject, from which `making` makes them and `comparing` runs them in both worlds."""
