echo "${u-"a b"}" "${u-'a b'}" ${u-"a b"} ${u-'a  b'} ${u-a  b} "${u-a  b}" "${u-\"}" "${u-\a}" ${u-\a} "${u-$(echo "x  y")}" "${u-`echo "x  y"`}"
