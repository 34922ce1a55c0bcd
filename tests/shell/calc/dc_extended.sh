dc -x -e '5s foo l foo plfp'
dc -x -e '5s a1 l a1 p'
dc -x -e '[2p]s ab 1 1= ab'
dc -x -e '5sal ap'
dc -x -e '5s _x l _x p'
dc -x -e '3 4 S a1 7S a1 l a1 p L a1 p L a1 p'; echo $?
dc -x -e '5 1: ab 1; ab p'
dc -e '5sf' -x -e 'l f p lfp'
dc -e '[x]p' -x -e '5s long' -e 'l long p'
echo '4s long l long p' | dc -x
echo '4s long l long p' >f; dc -x f; dc f -x; dc -xe 3p f
dc -x none; echo $?
dc -e 1p none -e 2p; echo $?
