mkdir -p x/y; cd x/./y/..; pwd; cd ./y; pwd; cd ///tmp; pwd; cd /..; pwd
