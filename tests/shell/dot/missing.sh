. ./missing; echo no
