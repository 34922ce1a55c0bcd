for n in a b; do eval "var_$n=$n$n"; eval "echo \$var_$n"; done
