for i in 1 2; do (break); echo $i; done; for i in 1 2; do echo $i | while read x; do break; done; done; echo end
