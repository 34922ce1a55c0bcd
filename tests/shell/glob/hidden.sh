cd /tmp; touch .a .b c; echo *; echo .[a-z]; echo .a*; echo [.]a
