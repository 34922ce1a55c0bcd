sleep 10 & kill %1; wait $!; echo $?; kill %5; echo $?
