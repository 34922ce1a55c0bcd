case c in
a | \
b | c) echo abc;;
esac
