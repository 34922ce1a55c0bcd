sh -a-xyz -c 'echo $-'; echo $?
sh -c- 'echo a'; echo $?
sh -x-logi -c 'echo b'; echo $?
sh +a- -c 'echo c'; echo $?
set -a-b; echo $? $-
