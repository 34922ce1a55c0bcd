cd /tmp; touch x1; v=x*; echo "$v" $v; v="x*"; echo $v
