trap 'echo caught int' INT; kill -INT $$; echo on
