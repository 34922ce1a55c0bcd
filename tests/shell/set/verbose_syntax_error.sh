try() { printf "$1" >f; sh f; echo $?; sh -v <f; echo $?; }
try "set -v\necho a; )\necho b\n"
try "set -v\n'"
try "set -v\nif true\nthen echo a\n)\necho b\n"
try 'set -v\nx=`echo\nif`\n'
try "set -v\neval 'echo x\nif'\n"
sh -v -c 'echo a
)'
