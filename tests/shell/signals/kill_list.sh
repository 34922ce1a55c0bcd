kill -l | head -3; kill -l 9 15 130; kill -l KILL SIGTERM hup; kill -l 0
