printf 'b:2\na:10\n' >f
sort -t: -t: -k2 f 2>&1 | tail -n 2; sort -o x -o y f 2>&1 | tail -n 1; ls
sort -t: -k2 -k1 -n -n f
cut -f1 -f2 f 2>&1 | tail -n 1; cut -c 1 -b 2 f 2>&1 | tail -n 1; cut -f 1 -F 2 f 2>&1 | tail -n 1; cut -c1 -c1 f >/dev/null 2>&1; echo $?
cut -d, -d: -f1 f; printf "a 1 x\n" | cut -c 1 -F 2; printf "a 1 x\n" | cut -f1 -F3 -F 2; cut -F1 -f1 f 2>/dev/null; echo $?
printf 'a\0a\0b\0' | uniq -zz | tr '\0' @; uniq -c -c f; uniq -w 1 -w 2 f
