"""All sockets of the mock: HTTP, WebSockets (exec, attach, port-forward), who may come in, and the pacing of simulated time.

`edge` answers requests without knowing who carries the bytes; `connection` and `server` carry them over sockets, `inprocess`
within the process. `waits` and `pacing` decide how time passes meanwhile.
"""
