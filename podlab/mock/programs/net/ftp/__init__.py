"""FTP: ftpget and ftpput, and ftpd."""
