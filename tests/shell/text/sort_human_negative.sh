printf '%s\n' -1K -2 5 -1M 3K 0 -10 2G -1 1 x | sort -h; echo; printf '%s\n' -1K -2 5 -1M 3K 0 -10 2G  | sort -hr
printf '%s\n' 1K 1M 1G 1T 1P 1E 1Z 1Y 2k 2m 2g 2t 2p 2e 2z 2y 1Ki 1B 1kB 1R 1Q 1.5K 1000 1e3 1e3K inf -inf nan -nan infK x '' | sort -h
