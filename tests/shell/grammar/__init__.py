"""A grammar of shell scripts that nobody wrote: any `random.Random` makes one, the same for the same seed.

What is left out is what differs from run to run: racing processes, process numbers, times.
"""
