x=banana; echo ${x/a/o} ${x//a/o} ${x/an} ${x//an} ${x/b*n/X} ${x//[an]/-} ${x/q/z}
