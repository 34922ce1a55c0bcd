# The line that ends a here-document ends it in the middle of an expansion too, and tabs are stripped there.
try() { printf '%b' "$1" >f; sh f; echo $?; }
try 'cat <<E\n${x-a\nE\nb}\nE\necho after\n'
try 'cat <<E\n$((1+\nE\n2))\nE\necho after\n'
try 'cat <<E\n$((1+${x-\nE\n2}))\nE\necho after\n'
try 'cat <<E\n${x#'"'"'\nE\n'"'"'}\nE\necho after\n'
try 'cat <<E\n${x#"\nE\n"}\nE\necho after\n'
try 'cat <<E\n`echo a\nE\necho b` $(echo c\nE\necho d)\nE\necho after\n'
try 'cat <<-E\n\t${x-\n\ta\n\t\tb} $((1+\n\t2))\n\t"${x-"\n\tc"}"\n\tE\necho after\n'
