yes | head -2; echo ${?}; (yes; echo $? >&2) | head -1
