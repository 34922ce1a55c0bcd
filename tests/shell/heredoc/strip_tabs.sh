cat <<-E
	one
		two
	 three
	E
echo after
