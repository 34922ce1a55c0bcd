cat <<E
$(cat <<'F'
$notexp
F
) ${z-$(cat <<G
deep
G
)}
E
