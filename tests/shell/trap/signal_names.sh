trap 'echo t' SIGTERM; kill -TERM $$; trap 'echo h' 1; kill -HUP $$; trap 'echo i' int; kill -INT $$; trap
