printf 'x 1\ny 2\n' | awk '/x/{print "got"; next} {print "other", $2}'
