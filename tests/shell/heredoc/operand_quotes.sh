unset x; cat <<E
${x:-"quoted"} ${x:-'single'} "${x:-a b}" ${x:-a\}b}
E
