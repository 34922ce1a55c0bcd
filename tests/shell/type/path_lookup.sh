type /bin/sh ./none; command -v /bin/sh; command -v ./none; echo $?; PATH= ; command -v ls; echo $?; type ls; echo $?
