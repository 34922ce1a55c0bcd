exec 7>f; sh -c 'echo child >&7'; (echo sub >&7); exec 7>&-; sh -c 'echo x >&7' 2>/dev/null; echo $?; cat f
