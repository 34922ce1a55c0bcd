set -e; false && true; echo alive; { false && true; }; echo alive2
