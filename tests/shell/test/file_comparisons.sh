echo abc > a; cp a b; [ a -ef a ] && echo same; [ a -ef b ] || echo differ; ln -s a l; [ a -ef l ] && echo link; [ -L l ] && [ -f l ] && echo both
