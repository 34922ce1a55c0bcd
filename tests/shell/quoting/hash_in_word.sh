echo a#b #comment
echo '#' \# "#"
