cd /tmp
printf 'hello\n' >a.txt; head -c 100 /dev/zero >bin; : >empty
n() { sed 's/boundary="[^"]*"/boundary="B"/; s/^--[0-9a-f-]*[0-9]\(-*\)$/--B\1/' | sed 's/^--[-0-9a-z]*$/--B/'; }
makemime a.txt | n; echo "$?"
makemime -c text/plain -C utf-8 -a 'From: x@y' -a 'Subject: hi' a.txt bin | n
makemime empty | n
echo std | makemime | n
echo std | makemime - | n
makemime -o out a.txt; echo $?; n <out
makemime -e a.txt -N name a.txt | n
makemime nope 2>&1 | n; makemime nope >/dev/null 2>&1; echo $?
makemime -Z a.txt; echo $?
makemime --help 2>&1 | head -3
