x=a.tar.gz; echo ${x%.*} ${x%%.*} ${x%.gz} ${x%nope} ${x%%*} ${x%?}
