while true; do while break; do echo no; done; echo inner; break; done; echo out; while if true; then break; fi; do echo no; done
