mkdir d; echo 'echo pfx' > d/tool3; chmod +x d/tool3; PATH=$PWD/d tool3; echo $?
