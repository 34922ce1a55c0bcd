awk '
BEGIN {
  x = 1   # trailing
  if (x)
    print "yes"
  else
    print "no"
  for (i = 0; i < 2; i++)
    print i
}
'
