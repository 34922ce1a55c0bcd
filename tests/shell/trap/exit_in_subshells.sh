trap 'echo sub' EXIT; (echo in); (trap 'echo sub2' EXIT; echo in2); echo $(echo cs); echo $(trap 'echo tcs' EXIT; echo x); echo end
