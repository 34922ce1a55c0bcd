for s in "echo 'a" 'echo "a' 'echo `a' 'echo $(a' 'echo ${a' 'echo $((1' 'echo "${a"' 'cat <<E' 'echo \' 'x=$(' 'echo "$(echo"'; do echo "--- $s"; sh -c "$s"; echo $?; done
