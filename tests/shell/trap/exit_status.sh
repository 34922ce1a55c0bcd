trap 'echo code $?' EXIT; (exit 4); exit 5
