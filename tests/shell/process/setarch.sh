setarch linux32 uname -m; setarch linux64 uname -m; linux32 uname -m; linux64 uname -m; linux32 arch
linux32 sh -c 'uname -m; linux64 uname -m; uname -a | grep -c i686'
setarch linux32 -R echo hi; linux32 nosuch; echo $?
echo 'uname -m; echo shell' | linux32; echo $?
setarch; echo $?; setarch x86 true; echo $?
