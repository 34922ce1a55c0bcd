exec 20>f; echo x >&20; exec 20>&-; cat f
