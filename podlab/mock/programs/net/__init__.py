"""The network's programs: httpd, nc, wget, nslookup, ping, ip ..."""

from typing import Final

MODULES: Final[dict[str, str]] = {
    "chat": "chat",
    "dnsd": "dnsd",
    "ftp.client": "ftpget ftpput",
    "ftp.server": "ftpd",
    "httpd.server": "httpd",
    "identd": "fakeidentd",
    "inetd.server": "inetd",
    "nc": "nc",
    "wget.client": "wget",
    "whois": "whois",
    "nslookup": "nslookup",
    "ping": "ping ping6 traceroute traceroute6",
    "pscan": "pscan",
    "names": "hostname dnsdomainname ipcalc",
    "interfaces": "ip ipaddr iplink iproute ipneigh iprule ifconfig route arp",
    "netstat": "netstat",
    "printing.client": "lpq lpr",
    "printing.server": "lpd",
    "rdate": "rdate",
    "telnet": "telnet",
    "telnetd": "telnetd",
    "tls": "ssl_client",
    "tftp.client": "tftp",
    "tftp.server": "tftpd",
    "svd": "tcpsvd udpsvd",
}
"""Module of this package to the names, separated by spaces, of the applets that it declares."""
