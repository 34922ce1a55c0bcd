echo; echo ''; echo '' ''; echo "a" "" "b"; echo -n; echo -n ''; echo end
