sh -c 'echo $PPID'; (sh -c 'echo $PPID' ; true); echo $$; (echo $$)
