	echo	a	  b	;	echo   c
