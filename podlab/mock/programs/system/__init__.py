"""Applets about the machine and who uses it: time, users, memory, disks, names."""
