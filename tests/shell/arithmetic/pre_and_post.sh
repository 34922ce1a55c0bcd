i=1; echo $((i++ + ++i)) $i; echo $((i-- - --i)) $i; echo $((i+++i)); echo $((i---i)); echo $((- --i)) $((+ ++i))
