awk 'function g(a,i){a[i]=i*2} BEGIN{g(z,3); print z[3]; for(k in z)n++; print n}'
