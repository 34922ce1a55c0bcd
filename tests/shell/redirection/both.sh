ls /nonexistent &> f; wc -l < f; ls /nonexistent >& g; wc -l < g; ls /nonexistent > h 2>&1; wc -l < h
