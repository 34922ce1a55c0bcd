echo 'one \
two'
