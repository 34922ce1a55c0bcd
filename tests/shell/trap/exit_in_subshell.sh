(trap 'echo sub bye' EXIT; echo in); trap 'echo main bye' EXIT; (echo child); x=$(echo cs); echo $x
