awk 'BEGIN{do{i++; print i}while(i<3)}'
