trap 'echo chld' CHLD; sleep 0.1; true & wait; echo end
