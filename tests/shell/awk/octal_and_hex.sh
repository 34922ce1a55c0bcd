awk 'BEGIN { print 010+0, "0x1A"+0, 1==1.0, "abc"<"abd" }'
