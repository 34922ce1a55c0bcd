x='é€'; echo "$x" ${#x}; printf '%s\n' "${x%?}" | od -c | head -2
