echo done fi esac; for done in 1; do echo $done; done; x=done; echo $x; case fi in fi) echo ok;; esac
