(
mkdir d; cd d; rmdir ../d; pwd; pwd -P; echo $?; pwd -L; /bin/pwd; echo $?; readlink /proc/self/cwd; ls -a; cd ..; pwd
)
rm -rf /work/d /work/x; cd /work
(
mkdir d; cd d; rmdir ../d; mkdir ../d; ls; touch x; echo $?; ls ../d; cd ../d; touch x; ls; cd .; ls; pwd
)
rm -rf /work/d /work/x; cd /work
(
mkdir d; cd d; rmdir ../d; cd -P .; echo $?; cd -P ..; echo $?; pwd; mkdir /work/d; cd d; pwd; rmdir /work/d; cd -; pwd; cd -; echo $?
)
rm -rf /work/d /work/x; cd /work
(
mkdir d; cd d; rmdir ../d; sh -c 'cd .; echo $?; cd ..; echo $?; pwd; cd; pwd'; mkdir x; echo $?; mkdir /work/d/x; echo $?; ln -s a b; echo $?; mkfifo p; stat . | head -1; test -d .; echo $?; test -e ..; echo $?; ls .. ; find .; du .
)
rm -rf /work/d /work/x; cd /work
