cd /tmp; touch a; case a in ?) echo one;; esac; case '*' in \*) echo star;; esac
