hash; ls > /dev/null; hash | wc -l; hash -r; hash; hash cat; hash; hash nosuch; echo $?
