cd /tmp; touch '[a' 'b['; echo [a* b[*; echo [
