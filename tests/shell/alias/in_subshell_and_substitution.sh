alias s='echo sub'
(s); echo $(s); eval s
