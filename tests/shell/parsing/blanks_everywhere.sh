   echo   a    b   ;   echo	c	
	if	true	;	then	echo	d	;	fi

{	echo e;}
  (  echo f  )  
echo g;
;
