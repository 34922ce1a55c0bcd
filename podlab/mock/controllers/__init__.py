"""The controllers: each brings one kind of object nearer to what it asks for, level-triggered, over informers and a work queue.

A controller is a subclass of `base.Controller`: it says which resources it watches and which keys a change in them concerns, and
reconciles one key at a time. Controllers of workloads make pods through `podcontrol`.
"""
