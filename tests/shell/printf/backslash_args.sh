printf '%s %b\n' 'a\tb' 'a\tb' 'c\\d' 'c\\d'
