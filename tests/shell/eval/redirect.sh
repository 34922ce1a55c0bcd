eval 'echo x' > f; cat f; eval 'echo y > g'; cat g; eval 'echo z >&2' 2> h; cat h
