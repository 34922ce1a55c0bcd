HOME=/h; echo ~ "~" '~' \~ ~/x "~/x" a~ ~a/b
