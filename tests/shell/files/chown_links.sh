s() { echo $1: $(stat -c %u l f d d/e d/s dl); chown 0 f d d/e; chown -h 0 l d/s dl; }
touch f
ln -s f l
mkdir -p d/e
ln -s ../f d/s
ln -s d dl
s 0
chown -h 9 l
s h
chown -R 6 d
s R
chown -RL 8 d
s RL
 chown -R 3 dl
s Rdl
 chown -RP 2 dl
s RPdl
chown -RH 4 dl
s RHdl
 chown -RL 5 dl
s RLdl
  chown -Rh 7 d
s Rh
chown -RhL 7 dl
s RhL
chown -RP 7 d
s RP
chown 5 dl l
s plain
chown -Rh 7 dl
s Rhdl
chown -R 7 l
s Rl
chown -RH 4 d
s RHd
