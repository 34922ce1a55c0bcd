echo 'break' > lib; for i in 1 2; do echo $i; . ./lib; done; echo end
