i=0; while [ $i -lt 500 ]; do mkdir d && cd d; i=$((i+1)); done; echo x >f; cd /work
find d | wc -l; find d -name f | wc -c; du -s d >/dev/null; echo $?
cp -r d e; find e | wc -l; chmod -R 700 e; tar cf t e; tar tf t | wc -l;
rm -rf d; rm -r e; ls
