trap 'echo a' INT; trap "echo 'q'" TERM; trap '' HUP; trap; trap - INT; trap
