cd /tmp; touch 'a\b' ab; x='a\b'; echo $x; y='a\*'; echo $y; z='a?b'; echo $z
