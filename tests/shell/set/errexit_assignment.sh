set -e; x=$(exit 3) || echo caught $?; export y=$(false); echo exported; x=$(exit 4); echo no
