sh -c 'nosuch1'; sh -c 'nosuch2' myname; echo nosuch3 > s; sh s; echo nosuch4 | sh; sh -c 'cd /x' n; sh -c 'eval nosuch5'
