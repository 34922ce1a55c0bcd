alias run='echo ' word='expanded'
run word word
