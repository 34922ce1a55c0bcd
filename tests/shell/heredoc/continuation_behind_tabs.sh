# Behind tabs that were taken off, a backslash at the end of the line joins nothing; what comes next is no new line to ash.
cat <<E
a\
E
\
E
b
E
cat <<-E
	\
	E
	x\
	y
		\
E
	\\
	\$HOME
	E
echo $LINENO
cat <<-E
	\

