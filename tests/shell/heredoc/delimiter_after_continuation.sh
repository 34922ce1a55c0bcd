cat <<\
 E
body
E
cat <<-\
	\
	"F G"
	body $x
	F G
cat <<\
	
