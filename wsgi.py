"""What a WSGI server starts: the application of the instance folder named by AOJ_INSTANCE."""

import os
from pathlib import Path

from aoj_survey.app import create_app
from aoj_survey.config import load_settings

app = create_app(load_settings(Path(os.environ.get("AOJ_INSTANCE", "instance"))))
