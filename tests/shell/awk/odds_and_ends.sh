awk 'BEGIN{print toupper(substr("abc",1,1)) substr("abc",2); print length("héllo"), index("héllo","l"), substr("héllo",2,1); print "a" > "/dev/null"; print "\x41\101\/\"\a\b" ; print "a\
b"; print 011, 0x11, 1e2, .5, 5.; print 1,2 > "/dev/stdout"; if (!("x" in y)) print "no"; print (1,2) in y; print 1 in y; x = "A"; y2 = x++; print y2, x; print -"3", !"a", !"", !"0", !0; print "a" "b" == "ab"; print 1 " " (2 > 1); $3="c"; print; print NF; print $(1+2); print $NF; NF++; print NF; print $-1}'
echo $?
echo 'a b c' | awk '{print $NF, $(NF-1); NF-=1; print; print NF; $5="e"; print; print NF}'
echo x | awk '{ $0 = "a b"; print $2; $2 = "q"; print $0 }'
printf 'one\ntwo\n' | awk 'END{print $0, NF}'
awk 'BEGIN { getline; print "got " $0; getline; print "then " $0; print (getline) }' <<X
l1
l2
X
awk 'BEGIN{regex="[0-9]+"; s="ab12"; if (s ~ regex) print "m"; print s ~ "[[:digit:]]"; print "a+b" ~ /a\+b/, "aab" ~ /a{2}b/, "ab" ~ /(a|x)b/, "a\nb" ~ /a.b/, "AB" ~ /ab/; print "a/b" ~ "/", "a/b" ~ /a\/b/; print "tab\t" ~ /\t/; print "." ~ /[.]/, "]" ~ /[]]/, "-" ~ /[a-]/}'
awk '/a/ && !/b/ || /c/' <<X
a
ab
c
X
awk 'BEGIN{while(i<3){i++; if(i==2) continue; print i}; print length(12345), length(1/4); print substr(12345,2,2); printf "%s\n", 0.1; print 1==1.0, "1"==1, "1.0"==1; print 100/3; print 1e5, 1e15, 1e16, 1e17, 123456.789, 0.000001; print int(1e18), 2^53, 2^53+1, 2^63, -2^63}'
