seq 60 > f
ed f <<'X'
30
z
30
z-
30
z.
5
z-
50
z
z.
X
