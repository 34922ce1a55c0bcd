# What each unfinished or misplaced construct is called, from a file, from standard input and from -c.
while IFS= read -r text; do
    printf "$text" >s
    echo "== $text"
    sh ./s 2>&1; echo $?
    sh <s 2>&1; echo $?
    sh -c "$(printf "$text")" 2>&1; echo $?
done <<'E'
if
if true
if true; then
if true; then fi
if true; then :; else
if true; then :; elif
while; do :; done
while :; do
until false
for
for i in
for i in a; do
for 1 in a; do :; done
for i a; do :; done
case
case a in
case a in b
case a in b)
case a b in
case a in b) ;; ) ;; esac
case a in (b c) ;; esac
echo a; ; echo b
echo a && && echo b
echo a | | echo b
echo a |
echo a &&\n
echo a ||\n\n
&& echo a
; echo a
& echo a
( echo a
( )
(
{ }
{ echo a
{
echo a )
echo }\n}
fi
done
esac
then
do
else
in
;;
echo 'abc
echo "abc
echo `abc
echo $(abc
echo ${abc
echo ${abc:-
echo ${abc:-"x}
echo $((1+2
echo $((1+2)
echo "$(abc"
echo "${abc"
echo $'abc
cat <<E\nabc
cat <<E\n
cat <<
cat <
cat <<;
echo >
echo > > a
echo 2>&
f(
f()
f() {
f() { echo a }
f() { echo a; }; }
f() echo a
"f"() { echo a; }
if() { :; }
function
function f
function f echo
!
! ! true
a b()
a=(1 2)
echo \\
echo a\\\n
echo (a)
echo a(b
echo a | (
echo a | {
echo "a\nb\n
: $(if) x
: `if` x
: $(echo 'a) x
echo $(case a in a) echo b;; esac
E
