echo a 255>&1 >&255; exec 255>f; echo b >&255; cat f; { echo c; } 254>&255 ; (echo d >&255); cat f; exec 255>&-; echo e >&255; echo $?
