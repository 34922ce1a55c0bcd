trap 'echo hup' HUP; trap 'echo usr1' USR1; trap 'echo usr2' USR2; (kill -USR2 $$; kill -USR1 $$; kill -HUP $$); echo end
