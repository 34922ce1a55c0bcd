set -e; eval false; echo no
