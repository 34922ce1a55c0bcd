function f { echo kw; }; f; function g() { echo both; }; g; function h { 
echo nl; }; h
