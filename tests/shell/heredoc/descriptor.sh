cat <&3 3<<E
three
E
