"""find: `parser` reads its expression, which is made of the `predicates`; `applet` goes through the trees."""
