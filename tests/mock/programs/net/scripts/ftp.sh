cd /tmp
mkdir d; cd d
mkdir srv srv/sub; echo hello >srv/a; printf 'x\ny\n' >srv/b; touch -d '2020-01-02 03:04:05' srv/a srv/b srv/sub
tcpsvd -E 127.0.0.1 2121 ftpd -A -w srv & 
usleep 300000
ftpget -P 2121 127.0.0.1 got a; echo $?; cat got
ftpget -v -P 2121 127.0.0.1 got2 b; echo $?; cat got2
ftpget -P 2121 127.0.0.1 - nope; echo $?
echo up >u
ftpput -P 2121 127.0.0.1 up/x u; echo $?
ftpput -v -P 2121 127.0.0.1 upx u; echo $?; cat srv/upx
ftpget -P 2122 127.0.0.1 a; echo $?
{ printf 'NOOP\r\nUSER joe\r\nSYST\r\nFEAT\r\nPWD\r\nCWD sub\r\nPWD\r\nCDUP\r\nPWD\r\nSIZE a\r\nMDTM a\r\nSTAT\r\nSTAT a\r\nTYPE I\r\nTYPE X\r\nMODE S\r\nSTRU F\r\nALLO 1\r\nHELP\r\nMKD n\r\nMKD n\r\nRNFR nope\r\nRNTO x\r\nRNFR n\r\nRNTO m\r\nRMD m\r\nRMD m\r\nDELE nope\r\nDELE upx\r\nXYZZ\r\nLIST\r\nRETR a\r\nABOR\r\nREST 3\r\nPORT 1,2\r\nFOO\r\nREIN\r\nSIZE sub\r\nSITE x\r\nQUIT\r\n'; sleep 1; } | nc 127.0.0.1 2121
ls srv
{ sleep 1; printf 'QUIT\r\n'; } | ftpd -A srv | cat -A
killall tcpsvd
