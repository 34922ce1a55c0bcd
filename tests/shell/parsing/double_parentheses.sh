((1+1)); echo $?; ((0)); echo $?; ((x=5)); echo $x; (( x > 3 )) && echo gt; ( (echo nested) ); ((echo nested2) ); (( 1 + )); echo $?
