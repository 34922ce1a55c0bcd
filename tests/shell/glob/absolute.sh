echo /b[i]n/s[h]; echo /etc/pass*d
