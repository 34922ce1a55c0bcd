if false; true; then echo last counts; fi; if ! false && true; then echo and; fi; if (exit 1) then echo no; else echo sub; fi
