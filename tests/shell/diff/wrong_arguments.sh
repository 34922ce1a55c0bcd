printf 'a\nb\n' >f; printf 'a\nc\n' >g; mkdir d e; echo 1 >d/f; cp -p f h; echo x >d/o; echo y >e/o
diff -U x f g; echo $?
diff -U x f; echo $?
diff -U 2>&1 | head -1; echo $?
diff -U f g; echo $?
diff -U -1 f g; echo $?
diff -U 1x f g; echo $?
diff -U 99999999999 f g; echo $?
diff -U 0 -U 1 f g; echo $?
diff -U x -U 1 f g; echo $?
diff -Z f g 2>&1 | head -1; diff -Z -U x f g 2>&1 | head -1; diff -Z f g 2>/dev/null; echo $?
diff f 2>/dev/null; echo $?; diff f g h 2>/dev/null; echo $?
diff f nothere; echo $?
diff nothere f; echo $?
diff g d; echo $?
diff d g; echo $?
diff f d; echo $?
diff d f; echo $?
diff -N g d; echo $?
diff -N g nothere | tail -n +3; echo $?
diff - d <f; echo $?
diff d - <f; echo $?
diff - - <f; echo $?
diff - nothere <f; echo $?
diff d e; echo $?
diff d/ f; echo $?
diff d nothere; echo $?
diff -N d nothere; echo $?
diff --label x --label=y f g; echo $?; diff -L a -L b -L c f g; echo $?
diff -S 2>&1 | head -1; diff -L 2>&1 | head -1
diff --unified=0 f g; echo $?; diff --unified=x f g; echo $?
