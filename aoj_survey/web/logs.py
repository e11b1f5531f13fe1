"""What the web door may write down: which page failed and where in the code; never who, which link or what.

Request lines hold addresses of people and of their links, and error messages may hold what was typed.
"""

import logging
import traceback

ACCESS_LOGS = ("werkzeug", "granian.access", "gunicorn.access")
"""Loggers that write a line per request, with its IP address and path."""


def silence_access_logs() -> None:
    """Keep servers from writing request lines; their warnings and errors are still heard.

    Granian writes none unless asked to; this holds when somebody asks.
    """
    for name in ACCESS_LOGS:
        logging.getLogger(name).setLevel(logging.WARNING)


def describe_fault(error: BaseException) -> str:
    """Return kind and places in the code of an error, without its message, values or causes' messages."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    because = f" (because of {type(cause).__name__})" if cause else ""
    return "\n".join([f"{type(error).__name__}{because}", *places])
