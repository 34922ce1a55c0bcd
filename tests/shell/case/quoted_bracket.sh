case ']' in []]) echo close;; esac; case '\' in [\\]) echo back;; esac; case - in [a\-z]) echo dash;; esac; case b in [a\-z]) echo no;; *) echo notb;; esac
