if
  test 1 = 1
then
  echo yes
else
  echo no
fi
