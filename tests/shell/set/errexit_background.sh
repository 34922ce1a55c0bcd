set -e; false & wait $! || echo failed; (false) & wait; echo on
