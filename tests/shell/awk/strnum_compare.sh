printf '10\n9\n' | awk '$1>9'
