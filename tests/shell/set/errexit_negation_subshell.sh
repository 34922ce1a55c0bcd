set -e; ! (true); ! { false; }; (! true); echo no
