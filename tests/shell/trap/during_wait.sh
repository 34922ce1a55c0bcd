trap 'echo usr' USR1; (sleep 1; kill -USR1 $$) & wait $!; echo $?; wait; echo end
