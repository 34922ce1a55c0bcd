echo 'echo from stdin $1' | sh; echo 'echo $1 $2' | sh -s a b; echo 'echo $0' | sh
