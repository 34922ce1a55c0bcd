printf 'tab\there \001\177 \303\251 \233 end\nplain\n\n' > f
ed f <<'X'
1,$l
1
l
X
