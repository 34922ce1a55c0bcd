f() { local -; set -f; echo $-; }; f; echo $-
