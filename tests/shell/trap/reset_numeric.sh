trap 'echo x' INT; trap INT; trap; trap 'echo y' INT; trap 2; trap
