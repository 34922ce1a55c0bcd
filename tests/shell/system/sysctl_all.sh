sysctl -a 2>/dev/null | grep -x 'kernel.ostype = Linux'
sysctl -an 2>/dev/null | grep -x Linux
sysctl -A 2>/dev/null | grep -x 'kernel.ostype = Linux'
sysctl -a kernel.ostype 2>/dev/null | grep -xc 'kernel.hostname = box'
sysctl kernel.ostype | grep -xc 'kernel.hostname = box'
