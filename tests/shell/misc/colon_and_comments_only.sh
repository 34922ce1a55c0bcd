:
: # nothing
# only
echo $?
