trap 'echo end $?' EXIT; set -e; false
