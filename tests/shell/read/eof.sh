printf '' | { read x; echo $? "[$x]"; }; printf 'part' | { read x; echo $? "[$x]"; }
