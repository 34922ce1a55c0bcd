echo a > f; (cat; echo b > f) < f; cat f; cat f > f; cat f; echo "[$(<f)]"; echo q >f; echo "[$(<f)]" "[$(< f)]" "[`<f`]" "[$(cat <f)]"
