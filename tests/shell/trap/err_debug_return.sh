trap 'echo err' ERR; echo $?; trap 'echo dbg' DEBUG; echo $?; trap 'echo r' RETURN; echo $?
