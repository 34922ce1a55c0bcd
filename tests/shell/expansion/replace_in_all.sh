set -- aXb cXd; echo ${@/X/-} "${@/X/-}" ${*/X/-} "${*/X/-}" ; echo ${1/X/-} "${2//[a-z]}"
