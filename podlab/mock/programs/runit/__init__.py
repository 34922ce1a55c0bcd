"""The runit family: services that are kept running within a container, asked after, told what to do, and logged."""
