eval 'cat <<E
here $((1+1))
E'
