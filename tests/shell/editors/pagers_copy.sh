seq 3 > f
less f nosuch f; echo $?
more nosuch f; echo $?
seq 2 | less; seq 2 | more - f; echo $?
less /etc; echo $?
more /etc f; echo $?
less -EMmN~IFSRsX f; more -deflsu f
less -h f; echo $?; more -z f; echo $?
LESS=FRX less f
