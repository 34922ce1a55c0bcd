cat <<E
$(cat <<F
inner
F
)
outer
E
