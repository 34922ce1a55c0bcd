readonly r=1; echo $r; (r=2); echo $?; (unset r); echo $?; readonly q; (q=1); echo $?; readonly | grep -E ' (r|q)'
