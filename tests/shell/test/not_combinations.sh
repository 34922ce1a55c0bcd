[ ! -e nope ] && echo a; [ ! ! a ] && echo b; [ ! -n "" ] && echo c; [ ! a -o b ] && echo d; ! [ a = b ] && echo e
