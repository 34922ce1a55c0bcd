trap 'echo end $?' EXIT; set -u; echo $nope; echo no
