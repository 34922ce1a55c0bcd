for e in '1:2' 'x 1:2' '(1:2)' '1?2:3:4' 'x : y' ': 1' '1 x:2' '1,2:3'; do
  (echo $(($e))); echo $?
done
