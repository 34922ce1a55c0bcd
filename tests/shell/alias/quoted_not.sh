alias q='echo alias'
\q; echo $?
'q'; echo $?
q
