case a/b in a*b) echo star-crosses;; esac; case .h in *) echo dot;; esac; case .h in ?h) echo q;; esac
