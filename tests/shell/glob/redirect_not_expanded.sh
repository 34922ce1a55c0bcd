cd /tmp; echo hi > g*; ls; cat 'g*'
