x='*'; case $x in "*") echo star;; *) echo other;; esac
case abc in "a*") echo bad;; a"*") echo bad;; a*) echo good;; esac
