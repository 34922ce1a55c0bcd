"""`python -m podlab.cli`: the same as `podlab`."""

import sys

from podlab.cli import main

sys.exit(main())
