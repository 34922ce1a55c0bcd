case $(echo hi) in hi) echo ok;; esac; case "a  b" in a\ \ b) echo spaces;; esac
