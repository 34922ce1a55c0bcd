cat <<'a b'
text
a b
cat <<a\ b
text2
a b
