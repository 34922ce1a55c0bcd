"""nbgrader's configuration of this course directory. nbgrader's own commands and Formgrader read it, as `podlab grade` does."""

from podlab.grading.bridge import configure

configure(get_config())  # noqa: F821 - nbgrader gives it
