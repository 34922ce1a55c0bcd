trap 'echo err $?' ERR; false; true; (exit 3); false || true; if false; then :; fi; echo end
