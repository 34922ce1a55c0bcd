a=1; echo ${x:-${y:-${z:-${a}}}} $(echo $(echo $(echo $(echo four))))
