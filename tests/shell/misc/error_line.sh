echo 1
nosuch_on_line_2

cd /nosuch_on_line_4; f() {
  nosuch_in_function
}
f
(nosuch_sub
nosuch_sub2)
x=$(nosuch_subst)
eval "
nosuch_eval"
