case if in if) echo kw;; esac; case esac in (esac) echo esac;; esac
