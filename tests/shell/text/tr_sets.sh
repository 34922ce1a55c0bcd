tr
echo $?
tr a
echo $?
tr -d
echo $?
echo ab | tr a-b '\101\102'
echo abc | tr c-a x
echo $?
printf 'a\tb\n' | tr '\t' ' '
echo abcdef | tr '[=a=]b' 'XY'
echo aaa | tr 'a' '[b*2]'
echo xyz | tr -C 'x\n' '#'
echo abc | tr -t abc xy
