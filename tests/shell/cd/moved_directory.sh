mkdir -p a/b; cd a/b; mv /work/a /work/c; pwd; pwd -P; /bin/pwd; ls; touch f; ls /work/c/b; cd ..; echo $?; pwd; sh -c 'pwd; echo $PWD'; cd /work; cd c/b; pwd; (mv /work/c /work/e); pwd -P; echo * ; cd -P .; pwd
cd /work; rm -rf e; mkdir d e; (cd d; mv -T ../e ../d; ls -a; pwd -P; touch x; echo $?)
