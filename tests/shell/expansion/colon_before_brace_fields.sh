show() { for each; do printf '<%s>' "$each"; done; echo "($#)"; }
w='a  b'
show ${v:} } "${v:} }" a${v:} }; show ${v:}$w "q  r" c}; show x${v:} a b }
v=1; show ${v:} } "${v:} }" a${v:} }; show ${v:}$w "q  r" c}
