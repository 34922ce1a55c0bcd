RANDOM=42; echo $RANDOM $RANDOM; a=$RANDOM; [ "$a" -ge 0 ] && [ "$a" -lt 32768 ] && echo range; unset RANDOM; echo "[$RANDOM]"; RANDOM=7; echo $RANDOM
