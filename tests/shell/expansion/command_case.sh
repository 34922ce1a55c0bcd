x=$(case a in a) echo yes;; esac); echo $x; y=$(case b in (b) echo paren;; esac); echo $y
