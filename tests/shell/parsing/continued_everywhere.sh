echo a\
b; ec\
ho c; echo "d\
e"; echo 'f\
g'; i\
f tr\
ue; the\
n echo h; f\
i; echo $\
x ${\
y-z} $(\
echo q) $((1\
+1)); echo a &\
& echo b; echo c |\
| echo d; x=1; echo $x\
2 "${x\
}"
