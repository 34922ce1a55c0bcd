HOME=/h; case /h in ~) echo home;; esac; case ~ in /h) echo home2;; esac
