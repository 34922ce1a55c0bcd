mkfifo ff; trap 'echo got' USR1; (sleep 0.2; kill -USR1 $$) & read x < ff; echo "$? $x"
(sleep 0.2; kill -USR1 $$) & echo x > ff; echo "$?"; (sleep 0.2; kill -USR1 $$) & exec 3<ff; echo no
