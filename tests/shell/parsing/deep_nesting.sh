((((((((((echo deep))))))))))
{ { { { { echo braces; }; }; }; }; }
if true; then if true; then if true; then if true; then echo ifs; fi; fi; fi; fi
echo $(echo $(echo $(echo $(echo $(echo $(echo $(echo substs)))))))
echo "${a:-${b:-${c:-${d:-${e:-params}}}}}"
