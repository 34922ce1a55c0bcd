cd /tmp; touch x1 x2; p=x; echo $p* "$p*" $p\*; q='x[12]'; echo $q
