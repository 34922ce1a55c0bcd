env -i A=1 B=2 ZZ=3 HOME=/h PATH=/bin C=4 sh -c 'D=5; export D; env'
