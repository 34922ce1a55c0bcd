x=añb; echo "${x%b}" "${x#a}" ${#x}; case ñ in ?) echo one;; ??) echo two;; esac
