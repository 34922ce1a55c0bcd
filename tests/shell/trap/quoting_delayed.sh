x=1; trap "echo $x" EXIT; trap 'echo $x' USR1; x=2; kill -USR1 $$
