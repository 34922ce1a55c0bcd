mkdir -p base/target other; CDPATH=$PWD/base; cd target; pwd; cd /work; CDPATH=:/work/base; cd other; cd ..; cd target
