umask; umask -S; umask 027; umask; touch f; ls -l f | cut -c1-10; mkdir d; ls -ld d | cut -c1-10
