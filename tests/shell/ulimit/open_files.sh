ulimit -n 20; ulimit -n; ulimit -Sn 15; ulimit -Sn; ulimit -Hn; ulimit -n -s | cut -d')' -f1
