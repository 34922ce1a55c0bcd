mkdir -p real/sub; ln -s real/sub link; cd link; pwd; pwd -P; cd ..; pwd; cd -P link; pwd; cd -L ..; pwd
