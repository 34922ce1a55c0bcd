sleep 5 | (sleep 1; kill -TERM $$) ; echo no
