set -e; f() { false; echo in; }; f || echo ok; if f; then echo t; fi; f; echo no
