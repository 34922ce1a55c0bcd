ulimit -n 100 -- 5; echo $?; ulimit -n
ulimit -n -- 5; echo $?; ulimit -n
ulimit -f 50; ulimit -- 5; echo $?; ulimit -f
ulimit -- -n; echo $?
ulimit -n 60 -- 20 30; echo $?; ulimit -n
ulimit --; echo $?
