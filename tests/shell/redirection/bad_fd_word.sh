echo x >&foo; echo $?; ls; cat foo
