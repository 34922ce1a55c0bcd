HOME=/h; unset x; echo ${x:-~} ${x:-~/a} "${x:-~}" ; export P=~/z; echo $P
