if true; then cat; fi <<E
in if
E
{ cat; } <<E
in group
E
