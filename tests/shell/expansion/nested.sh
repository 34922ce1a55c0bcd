unset a b; c=deep; echo ${a:-${b:-${c}}} ${a:-${c#d}} "${a:-"${b:-$c}"}"
