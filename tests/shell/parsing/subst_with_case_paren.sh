echo $(case x in (x) echo ok;; esac) `case y in y) echo ok2;; esac`
