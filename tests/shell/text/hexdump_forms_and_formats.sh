printf 'hello\nworld\000\001\377\200\t~' >f; printf 12345 >s; : >e
printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' >r
echo "hd shows its own form first"
hd -o s; hd -c f; hd -b r; hd -C s; hd -d -x s; hd -v -b r
hd -e '1/1 "%_c "' r; echo; hd -e '"x" 2/1 "%o " "\n"' s; hd -v -e '/1 "%u,"' f; echo
hd -o nothere s; echo $?
echo "all forms and formats in their order"
hexdump -e '8/1 "%02x " "\n"' -c s; hexdump -C -e '"%_ax\n"' f; hexdump -b -e '"%_Ax.\n"' s
printf '# nothing\n"%%_ax:" 4/1 " %%d" "\\n"\n' >form; hexdump -o -f form -x f
echo "of nothing no end"
hexdump -e '"%_Ax\n"' e; hexdump -C -e '"%_Ax\n"' e; hd e
