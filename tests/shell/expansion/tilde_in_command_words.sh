HOME=/h; echo ~/a:~/b x=~ --p=~ a:~
