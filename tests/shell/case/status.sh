case a in a) false;; esac; echo $?; case a in a) exit_it() { return 4; }; exit_it;; esac; echo $?
