set -e; if false; then :; fi; false || true; false && true; while false; do :; done; ! true; echo alive; (false) || echo sub; until true; do :; done; false | true; echo end
