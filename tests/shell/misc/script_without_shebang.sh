printf 'echo "no shebang $0 $1"\n' > s; chmod +x s; ./s arg; printf '#!/bin/sh\necho shebang $1\n' > t; chmod +x t; ./t x; printf '#!/nonexistent\n' > u; chmod +x u; ./u; echo $?
