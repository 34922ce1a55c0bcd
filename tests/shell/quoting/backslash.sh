echo \a \\ \' \" a\ b \$x \
joined
