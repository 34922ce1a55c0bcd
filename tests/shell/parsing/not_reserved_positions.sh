echo x; for in in a b; do echo $in; done; case in in in) echo in;; esac
