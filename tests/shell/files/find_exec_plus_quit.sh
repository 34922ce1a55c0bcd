mkdir d; echo 1 >d/a; echo 22 >d/b; ln d/a d/l; printf 123 >d/three
f d -type f -exec echo {} x + | wc -w
find d -name a -exec echo 'pre{}post' last + ; echo $?
find d -name a -exec echo {} {} + ; echo $?
find d -name a -exec echo + ; echo $?
find d -name a -exec + ; echo $?
find d -name a -exec {} + ; echo $?
find d -name a -exec echo {} ; echo $?
find d -name a -ok echo {} + ; echo $?
find d -name a -ok echo {} + \; </dev/null; echo $?
find d -name a -exec false {} + ; echo $?
find d -name a -exec false {} \; ; echo $?
find d -name a -exec true {} + -print; echo $?
find d -name a -exec nosuch {} + ; echo $?
find d -name a -exec nosuch {} \; ; echo $?
find d -name a -exec echo {} + -quit; echo $?
find d/a -quit; echo $?
find d/a -name a -o -quit; echo $?
find d/b -name a -o -quit; echo $?
find d/a -name a -quit -o -name b; echo $?
find nothere d/a -print -quit; echo $?
find d -exec echo a {} b \; -exec echo c {} + -name a | tr ' ' '\n' | sort
find d -size 1w | sort; find d -size -2w | sort; find d -size +1w | sort; find d -size 1w -o -size 3c | sort
f d -size 2q; f d -size 2cc; f d -size -; f d -size +w; f d -size 0x2c; f d -size ++2c; f d -size --2c; f d -size 99999999999999999999c; f d -size 18446744073709551615k; f d -size '' ; f d -size ' 2c'
f d -links x; f d -links +; f d -inum +1; f d -mtime ++1; f d -mtime 1d; f d -mmin 99999999999
f d -type ''; f d -type ff; f d -perm ''; f d -perm +; f d -perm -; f d -perm /; f d -perm 08; f d -perm 77777; f d -perm u
f d \( ; f d \( \); f d \) ; f d ! 
find d/a \( -exec echo {} + \) ; echo $?; find d/a ! -exec false {} + ; echo $?; find d/a -exec false {} + -exec echo {} + ; echo $?
find d/a -exec echo x {} + -exec echo y {} + ; find nothere d/a -exec true {} + ; echo $?; find d/a -exec sh -c 'echo $0 "$@"; exit 3' {} + ; echo $?
ln -s a d/s; find d -samefile d/s; find -L d -samefile d/s | sort; find d -follow -samefile d/s | sort; find -H d -samefile d/s | sort
f . \( -name \) \) ; f . \( -nosuch; f d \( -name \( \) -o -name a \)
