echo 'echo ok
if
' > lib; . ./lib; echo no
