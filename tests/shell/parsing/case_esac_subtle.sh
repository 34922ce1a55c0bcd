case a in a) echo esac; esac; case a in esac) echo;; a) echo ok;; esac
