x=$(printf '\001\002\201\210'); printf '%s' "$x$x" | od -b
