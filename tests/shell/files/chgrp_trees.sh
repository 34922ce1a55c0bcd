mkdir -p d/e; touch d/f d/e/g t; ln -s ../t d/l; ln -s d dl; mkdir o; touch o/x; ln -s ../o d/lo
show() { stat -c '%n %g' t d d/f d/l d/lo o o/x dl d/e/g; echo; }
chgrp -R 5 d; show; chgrp -R 0 d t o; chgrp -RH 6 dl; show; chgrp -RL 7 d; show; chgrp -RP 8 dl; show; chgrp -h 9 dl; show
chgrp -RP 3 d; show; chgrp -RLP 4 d; show; chgrp -RPL 2 d; show; chgrp -RHP 1 dl; show; chgrp -LR 0 dl; show; chgrp -H 5 d; echo $?; chgrp -v 5 t; chgrp -c 5 t; chgrp -c 6 t; chgrp -f 6 no; echo $?; chgrp 6 no; echo $?; chgrp -R 6 no dl
