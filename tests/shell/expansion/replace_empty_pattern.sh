x=abc; echo "${x//}" "${x/}" "${x//b}" 
