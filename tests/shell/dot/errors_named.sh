printf 'nosuch1\ncd /nope\n' > lib; . ./lib; nosuch2
