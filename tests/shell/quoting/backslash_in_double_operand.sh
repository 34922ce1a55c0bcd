unset x; echo "${x:-a\}b}" "${x:-\$}" "${x:-\a}" "${x:-a\"b}"
