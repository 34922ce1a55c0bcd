"""Tables for notebooks and terminals, of objects as the API server prints them; one that keeps itself up to date.

>>> from podlab.display import live, table
>>> table(lab, "pods")                 # doctest: +SKIP
>>> with live(lab):                    # doctest: +SKIP
...     lab.wait("pod/web", "Ready")
"""

from podlab.display.following import live
from podlab.display.tables import Table, table

__all__ = ["Table", "live", "table"]
