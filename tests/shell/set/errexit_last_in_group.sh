set -e; { true; false; } || echo caught; (exit 3); echo no
