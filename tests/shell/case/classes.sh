for c in a 1 ' ' A . ; do case "$c" in [[:digit:]]) echo d;; [[:upper:]]) echo u;; [[:space:]]) echo s;; [[:punct:]]) echo p;; [![:digit:]]) echo other;; esac; done
