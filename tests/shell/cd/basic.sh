mkdir -p a/b; cd a; pwd; cd b; pwd; cd ..; pwd; cd ../..; pwd; cd; pwd
