f() { echo "in $x"; sh -c 'echo "env $x"'; x=changed; }; x=before; x=temp f; echo "$x"
