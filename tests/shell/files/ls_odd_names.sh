mkdir d; cd d
for n in 'a\tb' 'n\nl' 'e\033x' '\303\251' '\377' 'x\303' '\303\251\303' '\346\227\245' 'd\177' '\302\200' '\302\240' '\313\277' '\314\200'; do touch "$(printf "$n")"; done
ls; ls -Q; ls -C; ln -s "$(printf 't\tx')" l; ls -l l | sed 's/.*:[0-9]* //'
ls "$(printf 'no\t\377')"; mkdir "$(printf 'q\t')"; ls -R .. | head -n 3; ls -d *
