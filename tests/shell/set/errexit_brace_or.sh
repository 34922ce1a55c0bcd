set -e; { false; echo reached; } || echo no; (false; echo reached2) || echo no; echo end
