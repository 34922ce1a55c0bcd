p='a*'; case abc in $p) echo glob;; esac; case abc in "$p") echo bad;; *) echo literal;; esac
