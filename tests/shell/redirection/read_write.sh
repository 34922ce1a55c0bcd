echo hello > f; exec 4<>f; read x <&4; echo "$x"; echo more >&4; exec 4>&-; cat f
