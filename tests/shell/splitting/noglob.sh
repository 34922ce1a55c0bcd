cd /tmp; touch f1; set -f; x='f*'; echo $x f*; set +f; echo f*
