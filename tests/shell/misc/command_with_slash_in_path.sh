mkdir d; printf '#!/bin/sh\necho "ran $0 $@"\n' > d/x; chmod +x d/x; d/x a; ./d/x b; cd d; ./x c; PATH=.:$PATH; x e
