trap 'x' IO CLD; trap; kill -l IO POLL 29 STKFLT 16 IOT; kill -l CLD
