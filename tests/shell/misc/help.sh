help | head -4
