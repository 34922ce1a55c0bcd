echo 'echo one; . ./b; echo three' > a; echo 'echo two; return; echo no' > b; . ./a
