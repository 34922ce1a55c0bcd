/bin/sleep 5 & sleep 6 & sleep 0.2
pgrep -x sleep | wc -l
pgrep -lx /bin/sleep | cut -d' ' -f2-
pgrep -l sleep | cut -d' ' -f2-
pgrep -la sleep | cut -d' ' -f2-
pgrep -lf sleep | cut -d' ' -f2-
pgrep -laf sleep | cut -d' ' -f2-
printf '#!/bin/sh\nsleep 4; :' >scr; chmod +x scr; ./scr & sleep 0.2
pgrep -l scr | cut -d' ' -f2-; pgrep -x scr | wc -l; pgrep -x /bin/sh | wc -l; pgrep -x ./scr | wc -l
pkill -e -f 'bin/sleep 5' | sed 's/[0-9]*)/N)/'
pgrep -l -v -x sh | grep -v '[0-9] pgrep$' | grep -c sh
wait
