f() { :; }; type f; command -v f; unset f; type f; unset -f f; type f
