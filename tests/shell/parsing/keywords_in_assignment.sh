if=1 then=2; echo $if $then; export while=3; echo $while
