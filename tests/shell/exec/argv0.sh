(exec -a myname sh -c 'echo $0'); (exec -a x echo hi)
