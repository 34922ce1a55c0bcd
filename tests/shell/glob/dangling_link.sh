cd /tmp; ln -s nowhere l; echo l*; echo l*/x
