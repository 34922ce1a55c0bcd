# Where the pattern is empty, ash leaves pattern and replacement lying behind the value, as fields or as the end of the text.
show() { for each; do printf '<%s>' "$each"; done; echo "($#)"; }
x=ab y=q
show ${x/$p/c} a${x/$p/c}b$x; show ${x/''/c} a${x/''/}b ${x/''} ${x/"$p"/c}
show "${x/$p/c}" "a${x/$p/c}b"c$y end; show ${x/$p/longer "text here"} ${x//$p/${y}z} ${x/$p/'*'}
show a${x/}b a${x//}b a${x//b}b a${x////q}c
z=a${x/''/c}b; show "$z"; z="a${x//$p/c}b"c$y; show "$z"
case a${x/$p/c}b in aab) echo cut;; *) echo whole;; esac
cat <<E
a${x/$p/c}b
lost
E
x=; show ${x/$p/c} a${x/$p/c}b "${x/$p/c}" ${x/''/c}
IFS=:; x=a:b:; show ${x/$p/c:d}e ${x/''/c:d}$x
show ${u/$p/c}. "${u/$p/c}."; set -- 1 2; show ${@/$p/c}
