trap 'echo last' EXIT; echo first; (echo sub); echo middle
