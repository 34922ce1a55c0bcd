sleep 2 & sleep 3 & jobs; kill %1 %2; wait; jobs
