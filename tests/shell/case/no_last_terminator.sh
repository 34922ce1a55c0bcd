case x in y) echo no;; x) echo yes
esac; case x in *) esac; echo $?
