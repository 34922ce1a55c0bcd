echo $SHLVL; sh -c 'echo $SHLVL'; sh -c 'sh -c "echo \$SHLVL"'
