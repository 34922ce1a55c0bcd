command -v cd; command -v sh; command -v nosuch; echo $?; command -v if; f() { :; }; command -v f; command -V cd; command -V sh; command -v /bin/sh ./none
