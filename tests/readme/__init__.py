"""Every command that the README and the page on grading give is run as a new user would, or is named in `pages` with a reason."""
