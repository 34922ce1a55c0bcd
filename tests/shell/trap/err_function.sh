trap 'echo err' ERR; f() { false; true; }; f; set -E; f; echo end
