echo /Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg== | base64 -d > h.xz
echo XQAAgAD//////////wA0GUnujd09Ot///90SAAA= | base64 -d > h.lzma
for kind in xz lzma; do
    $kind -dc h.$kind; echo $?
    $kind -c h.$kind 2>&1 | sed -n 3p
    $kind -dt h.$kind; echo $?
    $kind -t h.$kind; echo $?
    un$kind -t h.$kind; echo $?
    un$kind -k h.$kind; echo $?; ls h*; cat h
    un$kind h.$kind; echo $?
    echo old > h; un$kind -f h.$kind; echo $?; ls h*; cat h; rm h
done
echo no > b.xz; xz -t b.xz; echo $?; unxz -t b.xz; echo $?
