mkdir d; cd d; rmdir ../d
/bin/pwd; echo $?; ls -la /proc/self/cwd | sed 's/.*cwd//'; env -i pwd; ls -a; cd /; /bin/pwd
