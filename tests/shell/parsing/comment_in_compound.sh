if true # c1
then # c2
  # c3
  echo a # c4
fi # c5
for i in 1 # c6
do # c7
  echo $i
done # c8
