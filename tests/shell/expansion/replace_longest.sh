x=aXbXc; echo ${x/X*/_} ${x/*X/_} ${x//X?/_}
