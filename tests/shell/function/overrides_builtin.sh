echo() { printf 'my %s\n' "$*"; }; echo hi; unset -f echo; echo plain; true() { return 5; }; true; printf '%s\n' $?; command true; printf '%s\n' $?
