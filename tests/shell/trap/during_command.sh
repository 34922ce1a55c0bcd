trap 'echo late' USR1; (sleep 1; kill -USR1 $$) & sleep 2; echo after sleep
