cd /tmp; echo nope* [x] n?pe "*"; echo a\*
