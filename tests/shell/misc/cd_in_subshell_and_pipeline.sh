(cd /tmp; pwd); pwd; cd /tmp | cat; pwd; { cd /tmp; pwd; }; pwd
