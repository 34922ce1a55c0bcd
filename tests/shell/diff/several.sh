seq 1 40 >a; sed '5d;10s/.*/ten/;20,22d;30a new' a >b; diff a b; diff -U1 a b; seq 1 10 >c; seq 5 15 >d; diff c d; printf 'a\na\na\nb\na\n' >p; printf 'a\nb\na\na\nc\na\n' >q; diff p q; diff q p
