# What a container may change of its privileges and namespaces.
setpriv --dump | grep -v bounding; setpriv -d | grep -o bounding
setpriv --nnp setpriv -d | grep -e no_new
setpriv --no-new-privs sh -c 'setpriv -d | grep no_new; grep NoNewPrivs /proc/self/status'
setpriv --inh-caps +chown,+CAP_7,-kill,+cap_10 setpriv -d | grep Inh
setpriv --inh-caps +chown,+kill --ambient-caps +chown,+net_raw,-kill setpriv -d | grep -e Inh -e Amb
setpriv --inh-caps +chown,+kill sh -c 'setpriv --ambient-caps +kill,+chown sh -c "grep -e CapInh -e CapAmb /proc/self/status; setpriv --inh-caps -chown setpriv -d | grep Amb"'
setpriv --inh-caps +sys_admin true; echo $?
setpriv --ambient-caps +sys_admin true; echo $?
setpriv --inh-caps chown true; echo $?
setpriv --inh-caps +nothing true; echo $?
setpriv --inh-caps +cap_99 true; echo $?
setpriv --ambient-caps =x true; echo $?
setpriv --inh-caps ,+SETUID, --nnp sh -c 'setpriv -d | sed -n 6,7p'
setpriv 2>&1 | grep -c Usage; setpriv -d --nnp 2>&1 | grep -c Usage; setpriv -d true 2>&1 | grep -c Usage; setpriv --nnp 2>&1 | grep -c Usage
setpriv --nnp nothing; echo $?; setpriv --nnp /etc/passwd; echo $?; setpriv --nnp sh -c 'exit 7'; echo $?
setpriv --bad x 2>&1 | head -n 1
for flag in -m -u -i -n -p --mount --uts --ipc --net --pid --mount-proc '-m -u -i' '-f -p' '-mn --propagation slave' '--uts=/tmp/x'; do
    unshare $flag echo never; echo "$flag $?"
done
unshare echo run; echo $?
unshare -f sh -c 'echo forked; exit 3'; echo $?
unshare -f sh -c 'kill -9 $$'; echo $?
unshare nothing; echo $?; unshare -f nothing; echo $?
echo 'echo $0 shell; exit 4' | unshare; echo $?
echo 'echo $0' | SHELL=/bin/sh unshare --fork; echo $?
SHELL=/bin/nothing unshare; echo $?
unshare -m --propagation odd true; echo $?; unshare --setgroups odd true; echo $?; unshare --propagation odd echo fine; echo $?
unshare -z 2>&1 | head -n 1
nsenter echo run; echo $?
for flag in -m -u -i -n -p -U --mount --net '-t x -m' '-t 99999 -u' '-m/etc/passwd' '-t1 -F -p' '-u/proc/1/ns/uts' '--user=/etc/passwd'; do
    case $flag in -t*|-u/*|--user=*) ;; *) flag="-t 1 $flag" ;; esac
    nsenter $flag echo never; echo "$flag $?"
done
nsenter -m true 2>&1 | grep -c Usage
chroot new 2>/dev/null; chroot / pwd; chroot /tmp true 2>/dev/null
nsenter -t 1 -r -w pwd; nsenter -r/bin pwd; echo $?; mkdir -p new/bin; ln /bin/busybox new/bin/pwd; ln /bin/busybox new/bin/id
nsenter -r/work/new /bin/pwd; nsenter -rnew -w/tmp /bin/pwd; nsenter --root=new --wd=new/bin /bin/pwd; nsenter -w/nowhere pwd; echo $?
nsenter -S 1000 -G 2000 id; nsenter --setuid 5 id -u; nsenter -G x id; echo $?
nsenter -t -1 true; echo $?
echo 'echo $0 shell; exit 5' | nsenter -w/tmp; echo $?
