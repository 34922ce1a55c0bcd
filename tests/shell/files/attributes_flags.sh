# Flags of files, as a container's root may see and change them.
mkdir -p d/e/.f; echo x >d/a; echo y >d/.hidden; ln -s a d/link; mkfifo d/pipe; : >empty
lsattr empty; lsattr -d d; lsattr d | sort; lsattr -a d | sort; lsattr -R d | grep . | sort; lsattr -l empty d/a; lsattr -p empty
lsattr nothing; echo $?; lsattr d/link; lsattr -d d/pipe </dev/null & sleep 0.3; kill $! 2>/dev/null
lsattr | sort
lsattr /proc/version; lsattr -d /proc
chattr +d empty; echo $?; lsattr empty; chattr +AS -d empty; lsattr empty; chattr -AS empty; lsattr -l empty
chattr +i empty; echo $?; chattr +a empty; lsattr empty; chattr -i empty; echo $?; chattr =i empty
chattr +j empty; chattr +C empty; chattr +F d; chattr +N empty; chattr +V empty; chattr +D empty; chattr +T empty; chattr +E empty; chattr +P empty; chattr +P d; lsattr -d d; chattr -P d; lsattr empty
chattr +s empty 2>&1 | grep -c Usage; chattr +u empty; lsattr empty; chattr +c empty; chattr +t empty; lsattr empty
chattr +DTd d; lsattr -d d; chattr -R +A d; lsattr -R -a d | grep . | sort; chattr -Rf -A d; lsattr -d d
chattr =Ade empty; lsattr empty; chattr =e empty; lsattr empty
chattr +d -d empty; echo $?; chattr =d +A empty; echo $?; chattr -R empty; echo $?; chattr -p 0 empty; echo $?; chattr -p 7 empty; echo $?
chattr -p x empty; echo $?; chattr +d nothing d/link; echo $?; chattr +d /proc/version; chattr +d d/pipe; echo $?
chattr 2>&1 | grep -c Usage; chattr +d 2>&1 | grep -c Usage; chattr +Q empty 2>&1 | grep -c Usage; chattr -v 2>&1 | grep -c Usage
lsattr -x 2>&1 | head -n 1
cp empty copy; lsattr copy; mv empty moved; lsattr moved
