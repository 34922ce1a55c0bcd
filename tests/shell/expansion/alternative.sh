unset u; e=; s=v; echo "[${u+d}] [${u:+d}] [${e+d}] [${e:+d}] [${s+d}] [${s:+d}]"
