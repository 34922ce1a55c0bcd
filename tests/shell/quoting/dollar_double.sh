x=y; echo $"a $x"
