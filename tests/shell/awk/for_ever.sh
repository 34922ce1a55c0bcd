awk 'BEGIN { for(;;) { if (++i>3) break } print i; switch_=1; print switch_ }'
