printf 'aaaa\naaaa\nbaaa\n' > f
ed f <<'X'
1,3s/a/XY/
1,$p
1,$s/a/b/
1,$p
1,$s/a/c/g
1,$p
X
