x=1; type time; command -v time
