echo "a $(echo "b $(echo "c 'd'")")" '$(x)' "$(echo ')')" "$(echo \))"
