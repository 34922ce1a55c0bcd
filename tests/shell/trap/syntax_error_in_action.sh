trap 'if' USR1; kill -USR1 $$; echo after
