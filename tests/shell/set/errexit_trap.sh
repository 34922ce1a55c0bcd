set -e; trap 'echo trapped $?' EXIT; false; echo no
