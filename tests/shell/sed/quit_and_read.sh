printf '1\n2\n3\n' >f; printf '4\n5\n' >g; printf 'R\n' >r
sed '2{r r
q}' f g; sed 'r r
q' f g; sed -n '2{r r
a x
q}' f; sed '2{r r
r nothere
r r
q}' f
sed -i 2q f; cat f; sed -i '2{r r
q}' f g; cat f; echo =; cat g
