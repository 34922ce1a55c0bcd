x=$(); echo "[$x]" "[`  `]"; echo $( # comment
)
