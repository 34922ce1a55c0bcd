kill - $$; echo $?
/bin/kill - $$; echo $?
/bin/kill -; echo $?
kill -l 65 66 128 193; echo $?
trap 'echo e' ERR; trap
