echo one >log; echo q >log2; tail -F log log2 & sleep 1.4; rm log; echo z >>log2; sleep 2.3; echo two >log; sleep 1.5; kill $!
