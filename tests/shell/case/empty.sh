case x in esac; echo $?; false; case x in y) echo;; esac; echo $?; false; case x in x) ;; esac; echo $?
