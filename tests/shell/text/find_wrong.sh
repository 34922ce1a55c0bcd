find nofile
echo $?
find -bad
echo $?
find . -name
echo $?
find . -type q
echo $?
find . -exec
echo $?
find . -perm 9
echo $?
mkdir d
find d -printf '%p'
echo $?
find d -name d -a -type d
find d -not -name x
find d -true
find d -false
find d , -print
echo $?
find d -print -print
find d -nouser
find d -size +0c
find d -ls | wc -l
find d -fprint x
echo $?
find . -maxdepth x
echo $?
find d -execdir pwd \;
find d -ipath D
find d -mtime 0
find d -atime -1
find d -cmin -1
find d -amin +1
find d -newermt 2020-01-01
echo $?
find d -daystart
echo $?
find d -follow
find d -noleaf
echo $?
find d -H
echo $?
find -H d
find d -type d,f
find d -iregex 'D'
find d -anewer d
find d -cnewer d
