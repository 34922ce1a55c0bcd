a=1; echo ${a:-$(echo side >&2)} ${a-${b?bad}} ok
