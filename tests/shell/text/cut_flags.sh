printf 'a:b:c\nd:e:f\nnodelim\n' >f
cut -d: -f2 f
cut -d: -f1,3 f
cut -d: -f2- f
cut -d: -f-2 f
cut -sd: -f2 f
cut -c1-2 f
cut -b 2 f
cut -c3- f
cut -c-1,3 f
cut -d: -f3,1 f
