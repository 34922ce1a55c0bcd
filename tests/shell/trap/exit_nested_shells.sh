trap 'echo outer' EXIT; sh -c 'trap "echo inner" EXIT; echo body'; (trap 'echo subsh' EXIT; exit 3); echo $?
