trap 'exit 9' EXIT; exit 5
