x=abc; echo ${x:}
