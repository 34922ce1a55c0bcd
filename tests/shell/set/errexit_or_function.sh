set -e; f() { false; echo in f; return 3; }; f || echo "or $?"; f && echo no || echo and; if ! f; then echo not; fi; echo end
