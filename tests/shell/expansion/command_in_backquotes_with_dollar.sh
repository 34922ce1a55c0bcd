x=5; echo `echo $x` `echo \$x` `echo \\$x` "`echo \"$x\"`"
