printf 'alias x="echo y"\nx a\nunalias x\nx b\n' >f
sh <f; echo $?
cat f | sh -s q; echo $?
