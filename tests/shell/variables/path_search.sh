mkdir d; echo 'echo found' > d/tool; chmod +x d/tool; PATH=$PWD/d:$PATH; tool; PATH=/bin; tool; echo $?
