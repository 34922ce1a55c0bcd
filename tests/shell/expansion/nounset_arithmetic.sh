set -u; echo $((undefinedvar + 1)); echo ${x:+y}; (echo ${x%a}); echo $?
