printf %s 'UEsDBBQAAAAAAIMYIlAAAAAAAAAAAAAAAAACAAAAZC9QSwMEFAAAAAgAgxgiUD/fD9MLAAAAHgAAAAcAAABkL2EudHh0y0jNycnnysBBAgBQSwMEFAAAAAgAgxgiUC862ukUAAAAEgAAAAYAAABkL2Iuc2hTVtRPyszTL87gSk3OyFfIyOQCAFBLAwQUAAAAAACDGCJQIvR4SQQAAAAEAAAAAwAAAHRvcHRvcApQSwMEFAAAAAAAgxgiUMof2R4DAAAAAwAAAAIAAABsbnRvcFBLAQIUAxQAAAAAAIMYIlAAAAAAAAAAAAAAAAACAAAAAAAAAAAAAADtQQAAAABkL1BLAQIUAxQAAAAIAIMYIlA/3w/TCwAAAB4AAAAHAAAAAAAAAAAAAACkgSAAAABkL2EudHh0UEsBAhQDFAAAAAgAgxgiUC862ukUAAAAEgAAAAYAAAAAAAAAAAAAAO2JUAAAAGQvYi5zaFBLAQIUAxQAAAAAAIMYIlAi9HhJBAAAAAQAAAADAAAAAAAAAAAAAACAgYgAAAB0b3BQSwECFAMUAAAAAACDGCJQyh/ZHgMAAAADAAAAAgAAAAAAAAAAAAAA/6GtAAAAbG5QSwUGAAAAAAUABQD6AAAA0AAAAAAA' | base64 -d >s.zip
unzip -l s.zip
unzip -lq s.zip
unzip -lv s.zip
unzip s.zip
echo $?
cat d/a.txt top
stat -c '%a' d/b.sh
readlink ln
unzip s.zip </dev/null
echo $?
unzip -n s.zip
unzip -o s.zip d/a.txt
unzip -qo s
ls
unzip -p s.zip top
unzip -p s.zip d/a.txt top
mkdir o
unzip -q s.zip -d o
find o | sort
unzip -jo s.zip -d j
ls j
unzip -l s.zip -x top
unzip -o s.zip -x d/a.txt ln
unzip -o s.zip 'd/*'
unzip -t s.zip
echo $?
unzip -Ko s.zip d/b.sh
stat -c %a d/b.sh
unzip s.zip nothere
echo $?
unzip nofile
echo $?
unzip 2>/dev/null
echo $?
echo garbage >g.zip
unzip g.zip
echo $?
echo A | unzip s.zip
echo
printf 'n\nn\nn\nn\n' | unzip s.zip
printf 'N\n' | unzip s.zip
printf 'r\nnew\n' | unzip s.zip top
ls
printf 'y\n' | unzip s.zip top
unzip -z s.zip 2>/dev/null
echo $?
unzip -d x s.zip top
ls x
cp s.zip S.ZIP
unzip -l S | head -n 1
