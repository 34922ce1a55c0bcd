# Where a failure ends the shell, and where it does not.
while IFS= read -r text; do
    echo "== $text"
    sh -ec "$text; echo went on" 2>&1; echo $?
done <<'E'
f() { false; echo in f; }; if f; then echo yes; fi; f || echo or; ! f; f
(false; echo no)
x=$(false; echo in); echo "$x"; y=$(false)
false && true; true && false
{ false; } || true; { true && false; }; (true && false)
for i in 1 2; do false || true; done; while false; do :; done; until true; do :; done
case a in a) false || :;; esac; eval false
f() { set +e; false; echo in; }; f; false; set -e; g() { return 3; }; g || echo or $?; g
if ! (false; echo x); then echo t; fi; (set +e; false; echo y); x=$(set +e; false; echo z); echo $x
x=$(false) || echo failed; f() { local v=$(false); echo survived; }; f; export e=$(false); : $(false); false | true; true | false
trap 'echo T $?' EXIT; f() { false; echo no; }; (f)
! true; (! true); { ! true; }; [ a = b ] && echo x; case x in x) [ a = b ] && :;; esac; [ a = b ]
. ./nosuch
readonly r=1; (r=2)
f() { false; }; x=1 f
command false
nosuch
command nosuch || echo or; ! nosuch; nosuch | true
true && { false; echo a; } || echo b; { false && true; }
set -o pipefail; false | true
set -o pipefail; ! false | true; if false | true; then :; fi; true | { false || true; }
sleep 0 & false || wait $!; wait
f() { return 1; }; f && echo no; f
while f; do :; done; f() { false; }; while f; do :; done; until ! f; do :; done; f
x=1 y=$(exit 3)
x=$(exit 3)$(exit 0); x=$(exit 0)$(exit 3)
>/nosuch/file
: >/nosuch/file
{ :; } >/nosuch/file
test -z a || test -n b; test -z a
eval 'false || :'; eval 'false; echo no'
trap 'false; echo in trap' USR1; kill -USR1 $$; sleep 0
[ a = b ]
[[ a = b ]]
let 0
E
