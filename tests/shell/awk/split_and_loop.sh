awk 'BEGIN{n=split("a,b,c",A,","); for(i=1;i<=n;i++) printf "%s ", A[i]; print n}'
