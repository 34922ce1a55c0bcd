trap 'echo trapped' EXIT; (exec true); exec true
