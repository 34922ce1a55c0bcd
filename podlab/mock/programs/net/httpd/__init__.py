"""httpd, busybox's web server."""
