trap 'echo end $?' 0; eval 'if'; echo no
