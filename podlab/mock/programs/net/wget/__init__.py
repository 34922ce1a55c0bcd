"""wget, as busybox has it: one address after another, over HTTP."""
