awk 'BEGIN { print and(12,10), or(12,10), xor(12,10), lshift(1,4), rshift(16,2) }'
