for i in 1 2 3; do (sleep 0.$i; echo $i) & done; wait; echo end
