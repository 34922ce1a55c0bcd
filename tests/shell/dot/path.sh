mkdir d; echo 'echo from path' > d/mylib; PATH=$PATH:$PWD/d; . mylib; . nosuchlib; echo no
