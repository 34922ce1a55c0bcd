set -e; ! true; echo alive; ! false; echo still
