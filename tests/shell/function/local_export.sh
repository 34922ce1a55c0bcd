f() { local x=5; export x; sh -c 'echo "[$x]"'; }; f; sh -c 'echo "[$x]"'
