alias a1='a2 x' a2='echo nested'
a1 y
