trap 'echo one; exit 3; echo no' EXIT; exit 1
