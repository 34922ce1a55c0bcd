case a in ?) echo 1;; a) echo 2;; esac
