"""TFTP: the client tftp, and tftpd."""
