echo 'x=sourced; echo in $1; f() { echo func; }' > lib; . ./lib; echo $x; f; . ./lib arg; source ./lib
