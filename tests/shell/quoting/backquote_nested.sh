echo `echo \`echo deep\``
echo "`echo \"quoted  word\"`"
echo `echo '\$x' \\$ \\\\ "\\\\"`
