set -- a '' cXd; echo "${@/X/-}"; for i in "${@/c/-}"; do echo "<$i>"; done; for i in "${@/a/-}"; do echo "<$i>"; done; IFS=; echo "${*/c/-}" ${*/a/-}
