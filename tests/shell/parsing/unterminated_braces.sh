echo ${unterminated
