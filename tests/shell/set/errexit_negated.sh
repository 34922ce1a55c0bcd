set -e; ! { false; echo a; }; ! (false; echo b); echo c; ! false | true; ! true | false; echo d
