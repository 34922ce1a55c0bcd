awk 'BEGIN { print ENVIRON["HOME"], ARGC, ARGV[0], ARGV[1] }' foo
