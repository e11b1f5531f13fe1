"""`python -m aoj_survey.cli`: the same as `aoj`."""

from . import main

main()
