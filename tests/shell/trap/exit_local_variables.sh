f() { local v=inner; exit; }; v=outer; trap 'echo $v' EXIT; f
