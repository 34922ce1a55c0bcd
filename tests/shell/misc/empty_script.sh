: > s; sh s; echo $?; echo > s2; sh s2; echo $?; printf '\n\n#x\n' > s3; sh s3; echo $?
