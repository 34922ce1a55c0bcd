echo a | # comment

# another
cat
