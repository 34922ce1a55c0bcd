umask 022; umask u=rwx,g=rx,o=; umask; umask g+w; umask; umask a-x; umask -S; umask o=u; umask
