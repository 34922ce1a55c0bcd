trap 'echo x' DEBUG; echo $?; trap 'echo x' RETURN; echo $?
