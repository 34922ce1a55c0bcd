bc <<X
define f(x) {
  auto y
  y = x * 2
  return (y)
}
f(21)
define g(n) {
  if (n <= 1) return (1)
  return (n * g(n - 1))
}
g(25)
for (i = 1; i <= 3; ++i) {
  if (i == 2) continue
  print "i=", i, "\n"
}
while (1) {
  k += 1
  if (k > 2) break
}
k
if (k == 3) {
  "three
"
} else {
  "other
"
}
a[0] = 5
a[1] = 7
define s(v[], n) {
  auto t, i
  for (i = 0; i < n; i++) t += v[i]
  return t
}
s(a[], 2)
scale = 3
1 / 7
x = y = 4
x + y
ibase
obase = 16
255
ibase = 2
101
X
