ec\
ho joi\
ned; if tr\
ue; th\
en echo yes; fi; echo "$HO\
ME"; x=a\
b; echo $x; echo a &\
& echo b
