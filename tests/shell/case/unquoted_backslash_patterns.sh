case 'a\b' in a\\b) echo 1;; esac; case '\' in \\) echo 2;; esac; x='\*'; case '*' in $x) echo 3;; *) echo no3;; esac; case '\*' in "$x") echo 4;; esac
